"""A keyring in a file, for programs that a test starts: PYTHON_KEYRING_BACKEND=helpers.keyring_file.FileKeyring."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FileKeyring(KeyringBackend):
    """Passwords in the file that ERPDESK_TEST_KEYRING names."""

    priority: Any = 1

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept."""
        return self._read().get(f"{service}|{username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        self._write({**self._read(), f"{service}|{username}": password})

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        rows = self._read()
        if rows.pop(f"{service}|{username}", None) is None:
            raise PasswordDeleteError
        self._write(rows)

    @staticmethod
    def _file() -> Path:
        return Path(os.environ["ERPDESK_TEST_KEYRING"])

    def _read(self) -> dict[str, str]:
        return dict(json.loads(self._file().read_text())) if self._file().exists() else {}

    def _write(self, rows: dict[str, str]) -> None:
        self._file().write_text(json.dumps(rows))
