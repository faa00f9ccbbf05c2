"""`python -m bot.sandbox`: the local Slack alone, for any Bolt app."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from bot.sandbox.errors import SandboxError
from bot.sandbox.server import serve


def main() -> int:
    """Parse the command line and serve; a wrong setting ends with a sentence and exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.sandbox",
        description="A Slack workspace on this computer, for any Bolt app.",
        epilog="Example: python -m bot.sandbox --port 8065 --manifest manifest.json --data .sandbox",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("SANDBOX_PORT", "8065")),
        help="port to listen on, 0 for any free one (default SANDBOX_PORT or 8065)",
    )
    parser.add_argument("--seed", type=Path, help="YAML file with people and channels for an empty workspace")
    parser.add_argument("--manifest", type=Path, help="the app's manifest.json: scopes, commands, shortcuts, events")
    parser.add_argument("--data", type=Path, help="folder to keep the workspace in (default: memory only)")
    parser.add_argument("--fresh", action="store_true", help="forget what the folder holds and start anew")
    parser.add_argument("--request-url", help="deliver signed HTTP here while no Socket Mode connection is open")
    parser.add_argument("--no-rate-limits", action="store_true", help="answer no call with 429")
    wishes = parser.parse_args()
    try:
        serve(
            wishes.host,
            wishes.port,
            seed=wishes.seed,
            manifest=wishes.manifest,
            data=wishes.data,
            fresh=wishes.fresh,
            rate_limits=not wishes.no_rate_limits,
            request_url=wishes.request_url,
        )
    except SandboxError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
