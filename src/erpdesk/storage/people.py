"""Users as the database keeps them: each call is one function of the database, which asks what the caller may do.

Passwords are made into SCRAM verifiers here; neither server nor log ever sees one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from erpdesk.storage.transactions import reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from erpdesk.storage.server import Server

Call = Literal["user_add", "user_rename", "user_password", "user_active", "user_grant", "user_revoke", "user_limits"]


def call(server: Server, function: Call, values: Mapping[str, Any]) -> None:
    """Does one thing to a user, in a transaction of its own. Raises ErpdeskError."""
    from sqlalchemy import text

    with writing(server) as connection:
        connection.execute(text(f"SELECT erpdesk.{function}(CAST(:values AS jsonb))"), {"values": json.dumps(values)})


def read_people(server: Server) -> list[dict[str, Any]]:
    """The users that the caller administers. Raises ForbiddenError SEC-001."""
    from sqlalchemy import text

    with reading(server) as connection:
        return list(connection.execute(text("SELECT erpdesk.people()")).scalar_one())


def read_role_permissions(server: Server) -> dict[str, frozenset[str]]:
    """What each role may do."""
    from sqlalchemy import text

    roles: dict[str, set[str]] = {}
    with reading(server) as connection:
        for role, permission in connection.execute(text("SELECT role, permission FROM erpdesk.role_permission")):
            roles.setdefault(role, set()).add(permission)
    return {role: frozenset(permissions) for role, permissions in roles.items()}


def verifier(server: Server, name: str, password: str) -> str:
    """The SCRAM verifier of a password, made on this side of the line."""
    with server.connect() as connection:
        made: bytes = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
    return made.decode()


def set_own_password(server: Server, password: str) -> None:
    """Changes the password of the login that works here, as every login may."""
    from erpdesk.storage.refusals import told
    from erpdesk.storage.roles import set_password

    with server.connect(autocommit=True) as connection, told():
        set_password(connection, connection.info.user, password)
