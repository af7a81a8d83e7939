"""Where a command gets a password that it needs: never from its own line, which everybody on the machine can read."""

from __future__ import annotations

import os
import sys

from erpdesk.domain.results import ErpdeskError


def asked_password(whose: str, *, in_use: str | None = None) -> str:
    """`ERPDESK_PASSWORD` unless it is the one that logs in here, else the first line of a piped input, else what is
    typed twice on a terminal. Raises ErpdeskError SEC-010."""
    given = os.environ.get("ERPDESK_PASSWORD")
    if given and given != in_use:
        return given
    if sys.stdin.isatty():
        return _typed(whose)
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise ErpdeskError("SEC-010", f"No password was given for {whose}", field="password")
    return line


def _typed(whose: str) -> str:
    from getpass import getpass

    first = getpass(f"Password for {whose}: ", sys.stderr)
    if getpass("Once more: ", sys.stderr) != first:
        raise ErpdeskError("SEC-010", "The two were not the same", field="password")
    return first
