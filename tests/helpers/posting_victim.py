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

from erpdesk.posting import attempt
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


def _send_and_die(function: str, more: str = "") -> Callable[..., None]:
    """Sends the call that commits, and doesn't live to read the answer."""
    from psycopg import sql

    def stricken(self: PostingCalls, organization_id: UUID, *payloads: dict[str, Any]) -> None:
        arguments = sql.SQL(", ").join([sql.Literal(organization_id), *map(sql.Literal, map(json_text, payloads))])
        text = sql.SQL("SELECT erpdesk.{}({}){}").format(sql.Identifier(function), arguments, sql.SQL(more))
        self._connection.pgconn.send_query(text.as_string(self._connection).encode())
        while self._connection.pgconn.flush():
            pass
        _die()

    return stricken


def _under_locks(strike: Callable[[], None]) -> Callable[[], None]:
    """No plan is made ahead of the locks, then the strike."""

    def prepare() -> None:
        vars(attempt)["may_plan_ahead"] = lambda *_: False
        strike()

    return prepare


NOWHERE, ANYWHERE = "nowhere", "anywhere"
"""Stages of victims that somebody else kills: the first voucher of its type, and one when the type has been read."""

STAGES: Mapping[str, Callable[[], None]] = {
    "after what the document names was read": lambda: _after("resolve"),
    "after stock was read without locks": lambda: _after("state"),
    "before all was sent in one call": lambda: setattr(PostingCalls, "post", _die),
    "after the call that has the commit was sent": lambda: setattr(PostingCalls, "post", _send_and_die("posting_post")),
    "after the call that has the commit was answered": lambda: _after("post"),
    "after key, rows and draft were locked and written": _under_locks(lambda: _after("open")),
    "before the plan was sent": _under_locks(lambda: setattr(PostingCalls, "apply", _die)),
    "after the commit was sent": _under_locks(
        lambda: setattr(PostingCalls, "apply", _send_and_die("posting_apply", "; COMMIT"))),
    "after the commit was answered": _under_locks(lambda: _after("apply")),
}

if __name__ == "__main__":
    from erpdesk.services.desk import open_desk
    from helpers.trading import CODE

    stage = sys.argv[2]
    with open_desk(database_url=sys.argv[1]) as opened:
        vouchers, document = opened.books(CODE).vouchers, json.loads(sys.stdin.readline())
        if stage != NOWHERE:
            vouchers.preview(document)
        if stage in STAGES:
            STAGES[stage]()
        else:
            print("ready", flush=True)
            sys.stdin.readline()
        vouchers.post(document)
