FROM python:3.11-slim AS packages
COPY requirements.txt /
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --uid 10001 --create-home okr && install -d -o okr -g okr /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY pyproject.toml README.md LICENSE alembic.ini manifest.json ./
COPY migrations migrations
COPY bot bot
# Editable: the migrations are found beside the package.
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e . && python -m compileall -q bot migrations

USER okr
# Without a database server the data lies in the volume. Inside a container only 0.0.0.0 can be reached from outside.
ENV DATABASE_URL=sqlite:////data/okr.db HOST=0.0.0.0 PORT=3000 LOG_FORMAT=json
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
STOPSIGNAL SIGTERM
CMD ["python", "-m", "bot", "run"]
