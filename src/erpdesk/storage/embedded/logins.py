"""The logins are the four roles that log in to an embedded server, each with a random password.

The passwords lie in the home with mode 0600; whoever owns the home is the administrator of its database.
"""

from __future__ import annotations

import json
import secrets

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded.layout import Layout, write_private

ROLES = {"superuser": "postgres", "owner": "erpdesk_owner", "program": "erpdesk_local",
         "worker": "erpdesk_worker"}


def load_or_make(layout: Layout) -> dict[str, str]:
    """Password by login name; made once, when the home has none."""
    try:
        return load(layout)
    except FileNotFoundError:
        made = {login: secrets.token_urlsafe(32) for login in ROLES.values()}
        write_private(layout.secrets_file, json.dumps(made, indent=1) + "\n")
        return made


def load(layout: Layout) -> dict[str, str]:
    """Password by login name; raises FileNotFoundError, or NoDatabaseError NET-006 when unreadable."""
    cure = "Restore secrets.json from a backup of the folder, or restore the last backup into a new home."
    try:
        row = json.loads(layout.secrets_file.read_text("utf-8"))
        return {login: str(row[login]) for login in ROLES.values()}
    except PermissionError as error:
        raise NoDatabaseError("NET-006", f"{layout.secrets_file} belongs to another user.",
                              cure="Run erpdesk as the user who owns its home folder.") from error
    except (ValueError, KeyError, TypeError):
        raise NoDatabaseError("NET-006", f"{layout.secrets_file} is damaged, so nobody can log in.",
                              cure=cure) from None
