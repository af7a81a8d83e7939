"""Preparing a shared server, so that people can be added to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from erpdesk.domain.results import NoDatabaseError


@dataclass(frozen=True, slots=True)
class PreparedServer:
    """What was prepared: where, at which revision, and whether the database had to be made."""

    place: str
    revision: str
    made_database: bool


def prepare_server(database_url: str | None, profile: str | None, user: str | None,
                   progress: Callable[[str], None]) -> PreparedServer:  # fmt: skip
    """Makes database, roles, privileges and row-level security where they are missing. Raises NoDatabaseError."""
    from erpdesk.storage.shared_server import prepare
    from erpdesk.storage.target import resolve_target

    target = resolve_target(database_url, profile, user)
    if target.kind != "server":
        raise NoDatabaseError("NET-001", "No shared server was named.",
                              cure="Name it: erpdesk server init --database postgresql://login@host/name.")  # fmt: skip
    status, made = prepare(target, progress)
    return PreparedServer(target.described(), status.revision, made)
