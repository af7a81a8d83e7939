"""Connection profiles written: one table each in a TOML file that people may also edit; passwords in the keyring.

Adding and removing touch the lines of one table; what else stands in the file, comments included, stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.target import keyring_entry, profiles_file, resolve_target

_HEADER = re.compile(r"^\s*\[")


def read_profiles() -> dict[str, dict[str, Any]]:
    """Every profile by name; none where there is no file. Raises NoDatabaseError NET-001."""
    path = profiles_file()
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NoDatabaseError("NET-001", f"{path} isn't valid TOML: {error}", cure="Correct the file.") from None
    return {name: row for name, row in rows.items() if isinstance(row, dict)}


def write_profile(name: str, values: Mapping[str, Any]) -> None:
    """Adds a profile, or puts it in the place of the one of its name; what can't be used is taken back."""
    before = _text()
    rows = [f"{key} = {_value(value)}" for key, value in values.items()]
    kept = _without(before, name).rstrip()
    _write((kept + "\n\n" if kept else "") + "\n".join([f"[{name}]", *rows]) + "\n")
    try:
        resolve_target(profile=name).connection_parameters()
    except NoDatabaseError:
        _write(before)
        raise


def remove_profile(name: str) -> None:
    """Takes a profile out."""
    _write(_without(_text(), name))


def keep_password(place: str, user: str, password: str) -> bool:
    """Keeps a password in the keyring; False when there is no keyring that keeps it."""
    import keyring
    from keyring.errors import KeyringError

    entry = keyring_entry(place, user)
    try:
        keyring.set_password(*entry, password)
        return keyring.get_password(*entry) == password
    except (KeyringError, OSError, RuntimeError):
        return False


def forget_password(place: str, user: str) -> None:
    """Takes a password out of the keyring, if it is there."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(*keyring_entry(place, user))
    except (KeyringError, OSError, RuntimeError):
        return


def _text() -> str:
    path = profiles_file()
    return path.read_text("utf-8") if path.exists() else ""


def _without(text: str, name: str) -> str:
    kept, inside = [], False
    for line in text.splitlines(keepends=True):
        if _HEADER.match(line):
            inside = line.strip().split("#")[0].strip() in (f"[{name}]", f'["{name}"]')
        if not inside:
            kept.append(line)
    return "".join(kept)


def _write(text: str) -> None:
    path = profiles_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple | list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
