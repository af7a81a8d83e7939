"""Connection profiles: which server a desk works on, under a name; the password apart, in the keyring."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from erpdesk.domain.results import NoDatabaseError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as people read it."""

    name: str
    place: str
    user: str
    has_password: bool


def profiles() -> tuple[Profile, ...]:
    """Every profile, by name. One that can't be used says so in the place of its address."""
    from erpdesk.storage.profiles import read_profiles
    from erpdesk.storage.target import resolve_target

    found = []
    for name in sorted(read_profiles()):
        try:
            target = resolve_target(profile=name)
            user = str(target.connection_parameters().get("user") or "")
            found.append(Profile(name, target.described(), user, target.password is not None))
        except NoDatabaseError as error:
            found.append(Profile(name, error.message, "", False))
    return tuple(found)


def add_profile(name: str, values: Mapping[str, Any], password: str | None = None, *, replace: bool = False) -> bool:
    """Adds a profile; False when a password was given that no keyring keeps. Raises NoDatabaseError NET-001."""
    from erpdesk.storage.profiles import keep_password, read_profiles, write_profile

    if not _NAME.fullmatch(name):
        raise NoDatabaseError("NET-001", f'"{name[:40]}" can\'t be the name of a profile.',
                              cure="Use letters, digits, dashes and underscores.")  # fmt: skip
    if name in read_profiles() and not replace:
        raise NoDatabaseError("NET-001", f"There is a profile {name} already.",
                              cure="Choose another name, or say --replace.")  # fmt: skip
    write_profile(name, values)
    return password is None or keep_password(name, str(values.get("user", "")), password)


def remove_profile(name: str) -> None:
    """Takes a profile out, and its password out of the keyring. Raises NoDatabaseError NET-001."""
    from erpdesk.storage import profiles as stored
    from erpdesk.storage.target import resolve_target

    user = ""
    if name not in stored.read_profiles():
        resolve_target(profile=name)  # says which there are
    else:
        user = str(stored.read_profiles()[name].get("user", ""))
    stored.remove_profile(name)
    if user:
        stored.forget_password(name, user)
