"""The command line as other programs use it: a process of its own, its exit status, its two streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.heard import hear

TIMEOUT_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Its output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Runs `erpdesk` against one database, with a home of its own."""

    home: Path
    url: str = ""
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str | Path, typed: str = "") -> Ended:
        """Runs one command to its end; stdin is what is piped in, else empty."""
        ended = subprocess.run(
            [sys.executable, "-m", "erpdesk", *map(str, arguments)], env=self._environment(),
            input=typed, capture_output=True, encoding="utf-8", timeout=TIMEOUT_SECONDS,
            check=False,
        )  # fmt: skip
        hear(ended.stdout, ended.stderr)
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Starts one command and leaves it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "erpdesk", *map(str, arguments)], env=self._environment(),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        own = {"ERPDESK_HOME": str(self.home), "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"}
        if self.url:
            own["ERPDESK_DATABASE_URL"] = self.url
        return {**os.environ, **own, **self.environment}
