"""A victim is a program that posts one voucher and dies, as by kill -9, at a named stage of the post.

Run as `python -m helpers.posting_victim URL STAGE` with the voucher document on stdin.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from erpdesk.storage.exact_json import json_text
from erpdesk.storage.posting_calls import PostingCalls


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(name: str) -> None:
    """Lets a call do its work, then dies."""
    call: Callable[..., Any] = getattr(PostingCalls, name)

    def stricken(self: PostingCalls, *args: Any) -> None:
        call(self, *args)
        _die()

    setattr(PostingCalls, name, stricken)


def _send_and_die(self: PostingCalls, organization_id: UUID, payload: dict[str, Any]) -> None:
    """Sends apply and COMMIT, and doesn't live to read the answer."""
    from psycopg import sql

    text = sql.SQL("SELECT erpdesk.posting_apply({}, {}); COMMIT").format(
        sql.Literal(organization_id), sql.Literal(json_text(payload))).as_string(self._connection)
    self._connection.pgconn.send_query(text.encode())
    while self._connection.pgconn.flush():
        pass
    _die()


NOWHERE = "nowhere"
"""The stage of a victim that somebody else kills."""

STAGES: Mapping[str, Callable[[], None]] = {
    "after what the document names was read": lambda: _after("resolve"),
    "after key, rows and draft were locked and written": lambda: _after("open"),
    "before the plan was sent": lambda: setattr(PostingCalls, "apply", _die),
    "after the commit was sent": lambda: setattr(PostingCalls, "apply", _send_and_die),
    "after the commit was answered": lambda: _after("apply"),
}

if __name__ == "__main__":
    from erpdesk.services.desk import open_desk
    from helpers.trading import CODE

    if sys.argv[2] != NOWHERE:
        STAGES[sys.argv[2]]()
    with open_desk(database_url=sys.argv[1]) as opened:
        vouchers = opened.books(CODE).vouchers
        if sys.argv[2] == NOWHERE:
            print("ready", flush=True)
            sys.stdin.readline()
        vouchers.post(json.loads(sys.stdin.readline()))
