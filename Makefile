# Everything here needs Python 3.11 or newer and make, nothing else. `make` alone prints the targets.

VENV := .venv
PYTHON := $(VENV)/bin/python
# Stamps: an installation that still fits its lock is not touched again.
MADE := $(VENV)/.made
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

# Three workers for two cores: a third of a journey's time is waiting for another process.
WORKERS ?= 3
# worksteal keeps all busy to the end; the longest tests are whole days with real processes.
PARALLEL := $(if $(filter-out 0 1,$(WORKERS)),--numprocesses $(WORKERS) --dist worksteal)
PYTEST := $(PYTHON) -m pytest $(PARALLEL)
# What to run, e.g. make test TESTS=tests/okr
TESTS ?=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-fast check bench shots lock fmt clean

help: ## print this list
	@echo "OKR Bot. Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(RUNTIME) ## try it in the browser, without a Slack account (FRESH=1: start anew)
	@$(PYTHON) -m bot demo $(if $(FRESH),--fresh)

test: $(DEVELOPMENT) ## run the whole suite, on SQLite and on PostgreSQL (TESTS=path: a part of it)
	@$(PYTEST) $(TESTS)

test-fast: $(DEVELOPMENT) ## run the suite without journeys, browser and large data
	@$(PYTEST) -m "not slow" $(TESTS)

check: $(DEVELOPMENT) ## lint, format, types, who imports whom, one alembic head, docs against commands
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PYTHON) -m pytest -q tests/house/test_migrations.py tests/house/test_documentation.py

bench: $(DEVELOPMENT) ## measure: the reproducible figures of the documentation
	@$(PYTHON) -m bench

shots: $(DEVELOPMENT) ## take the pictures of the README and the guides anew, from the local Slack (needs Chromium)
	@$(PYTHON) tests/journeys/shots.py

fmt: $(DEVELOPMENT) ## format the code and mend what the linter can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

LOCK = uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--python-version 3.11 --custom-compile-command "make lock" pyproject.toml --extra postgres --group build

lock: ## lock the dependencies of pyproject.toml anew, by hash (needs uv; UPGRADE=1: to the newest versions)
	@command -v uv >/dev/null || { echo "make lock needs uv, which is not on the PATH: see https://docs.astral.sh/uv/" >&2; exit 2; }
	$(LOCK) $(if $(UPGRADE),--upgrade) -o requirements.txt
	$(LOCK) $(if $(UPGRADE),--upgrade) --group dev -c requirements.txt -o requirements-dev.txt

clean: ## remove the environment and every cache (not the demo's data)
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find bot tests bench migrations -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# --- the environment -------------------------------------------------------------------------------------------------

$(MADE):
	@found=; \
	for candidate in python3.11 python3.12 python3.13 python3.14 python3; do \
	    if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "OKR Bot needs Python 3.11 or newer, and none was found (tried python3.11 to python3.14 and python3)." >&2; exit 2; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV) || { \
	    echo "$$found could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv" >&2; exit 2; }
	@touch $@

# pip says a lot: one line for each package is the progress a person wants to see. Errors pass unchanged.
define install
@echo "Installing what $(1) locks ($$(grep -c '==' $(1)) packages; a minute or two the first time)"
@rm -f $(VENV)/.failed; \
{ PYTHONUNBUFFERED=1 $(PYTHON) -m pip install --disable-pip-version-check --no-input --progress-bar off \
    --require-hashes -r $(1) || touch $(VENV)/.failed; } \
  | awk '/^Collecting / { print "  " $$2; fflush() } /^Installing collected/ { print "  unpacking ..."; fflush() }'; \
test ! -e $(VENV)/.failed
@$(PYTHON) -m pip install --disable-pip-version-check --no-input --quiet --no-deps --no-build-isolation -e .
endef

$(RUNTIME): requirements.txt pyproject.toml | $(MADE)
	$(call install,requirements.txt)
	@touch $@

# The development lock contains the runtime lock (a test holds them together), so it satisfies both stamps.
$(DEVELOPMENT): requirements.txt requirements-dev.txt pyproject.toml | $(MADE)
	$(call install,requirements-dev.txt)
	@touch $(RUNTIME) $@
