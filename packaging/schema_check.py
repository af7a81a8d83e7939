"""Checks on a server made for it that the migrations lead from an empty database to the tables as described.

Runs `python -m erpdesk.storage.migrate check` in a home of its own and takes the home away again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def remove_server(home: Path) -> None:
    """Run as root, a home's server lies outside of it; `server.json` says where."""
    pointer = home / "server.json"
    folder = json.loads(pointer.read_text("utf-8")).get("folder") if pointer.is_file() else None
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """The exit status of the check."""
    with tempfile.TemporaryDirectory(prefix="erpdesk-schema-") as folder:
        environment = {**os.environ, "ERPDESK_HOME": folder}
        environment.pop("ERPDESK_DATABASE_URL", None)
        command = [sys.executable, "-m", "erpdesk.storage.migrate", "check"]
        status = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
        remove_server(Path(folder))
    return status


if __name__ == "__main__":
    sys.exit(main())
