"""A hostile desk is a clerk with rights of his own and a program he has changed: what it sends is forged on the way.

The honest program computes what it would send; the clerk changes it, or sends the parts by hand, in an order and in
transactions of his own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg

from erpdesk.domain.results import ErpdeskError, Ok, Refused
from erpdesk.posting.outcome import PostedVoucher
from erpdesk.services.desk import Desk
from erpdesk.storage.exact_json import json_text
from erpdesk.storage.posting_calls import PostingCalls
from helpers.database import Login
from helpers.trading import CODE, Trade

Payload = dict[str, Any]
Forgery = Callable[[Trade, Payload], None]


class _CaughtError(ErpdeskError):
    """What was to be sent has been seen; nothing of it was sent."""

    code = "SYS-001"


@dataclass(slots=True)
class Sent:
    """What an honest program sends for one voucher: `opened` to posting_open, `applied` to posting_apply."""

    organization: UUID
    opened: Payload
    applied: Payload


@dataclass(slots=True)
class HostileDesk:
    """A clerk of SHOP: his program, and a connection of his own in autocommit."""

    shop: Trade
    login: Login
    desk: Desk
    connection: psycopg.Connection[Any]

    def sent(self, document: Mapping[str, Any]) -> Sent:
        """What the program would send for the document; nothing of it stays."""
        seen: dict[str, Any] = {}
        opening = PostingCalls.open

        def opened(calls: PostingCalls, organization: UUID, payload: Payload, *more: Any) -> Any:
            seen["organization"], seen["opened"] = organization, _plain(payload)
            return opening(calls, organization, payload, *more)

        def applied(calls: PostingCalls, organization: UUID, payload: Payload) -> Any:
            seen["applied"] = _plain(payload)
            raise _CaughtError("SYS-001", "seen")

        with under_locks(), patch.object(PostingCalls, "open", opened), patch.object(PostingCalls, "apply", applied):
            result = self.desk.books(CODE).vouchers.post(document)
        assert "applied" in seen, result
        return Sent(**seen)

    def post(self, document: Mapping[str, Any], *, opened: Forgery | None = None,
             applied: Forgery | None = None) -> Ok[PostedVoucher] | Refused:
        """Post through the program, with forgeries on the way."""
        with forging(self.shop, opened, applied):
            return self.desk.books(CODE).vouchers.post(document)

    def call(self, function: str, organization: UUID, *payloads: Payload) -> Any:
        """One posting function, on the clerk's own connection."""
        [[answer]] = self.connection.execute(
            f"SELECT erpdesk.{function}(%s{', %s' * len(payloads)})".encode(),
            (organization, *map(json.dumps, payloads))).fetchall()
        return answer

    def open(self, sent: Sent, **changes: Any) -> Any:
        """posting_open with what was sent, changed."""
        return self.call("posting_open", sent.organization, {**sent.opened, **changes})

    def apply(self, sent: Sent, **changes: Any) -> Any:
        """posting_apply with what was sent, changed."""
        return self.call("posting_apply", sent.organization, {**sent.applied, **changes})

    def refusal(self, *steps: Callable[[], Any]) -> str:
        """What one transaction of these steps is refused with; fails the test when it isn't."""
        try:
            with self.connection.transaction():
                for step in steps:
                    step()
        except psycopg.Error as error:
            return said(error)
        raise AssertionError("it was done")


def said(error: psycopg.Error) -> str:
    """SQLSTATE with the constraint, or with the code of a refusal."""
    code = error.diag.constraint_name
    if error.sqlstate == "P0001":
        code = str(error.diag.message_detail).partition('"code": "')[2].partition('"')[0]
    return f"{error.sqlstate} {code}"


Change = Callable[[Payload], Payload]


def _as_it_is(payload: Payload) -> Payload:
    return payload


@contextmanager
def changing(opened: Change = _as_it_is, applied: Change = _as_it_is) -> Iterator[None]:
    """What every post of the block sends is changed on the way: draft and plan, in one call or in two."""
    opening, applying, posting = PostingCalls.open, PostingCalls.apply, PostingCalls.post

    def changed_open(calls: PostingCalls, organization: UUID, payload: Payload, *more: Any) -> Any:
        return opening(calls, organization, opened(payload), *more)

    def changed_apply(calls: PostingCalls, organization: UUID, payload: Payload) -> Any:
        return applying(calls, organization, applied(payload))

    def changed_post(calls: PostingCalls, organization: UUID, draft: Payload, payload: Payload) -> Any:
        return posting(calls, organization, opened(draft), applied(payload))

    with (
        patch.object(PostingCalls, "open", changed_open),
        patch.object(PostingCalls, "apply", changed_apply),
        patch.object(PostingCalls, "post", changed_post),
    ):
        yield


def forging(shop: Trade, opened: Forgery | None = None, applied: Forgery | None = None) -> AbstractContextManager[None]:
    """Every post of the block is forged, as the server would read it."""
    return changing(lambda payload: _forged(shop, payload, opened), lambda payload: _forged(shop, payload, applied))


def forging_plan(shop: Trade, forgery: Forgery) -> AbstractContextManager[None]:
    """Every plan of the block is forged, as the program has it."""
    return changing(applied=lambda payload: {**payload, "plan": _rewritten(shop, payload["plan"], forgery)})


def forging_draft(shop: Trade, forgery: Forgery) -> AbstractContextManager[None]:
    """Every draft of the block is forged, as the program has it."""
    return changing(opened=lambda payload: _rewritten(shop, payload, forgery))


def under_locks() -> AbstractContextManager[Any]:
    """No plan of the block is made ahead of the locks."""
    return patch("erpdesk.posting.attempt.may_plan_ahead", return_value=False)


def _rewritten(shop: Trade, payload: Payload, forgery: Forgery) -> Payload:
    changed = deepcopy(payload)
    forgery(shop, changed)
    assert changed != payload, "the forgery changed nothing"
    return changed


def _forged(shop: Trade, payload: Payload, forgery: Forgery | None) -> Payload:
    if forgery is None:
        return payload
    honest, changed = _plain(payload), _plain(payload)
    forgery(shop, changed)
    assert changed != honest, "the forgery changed nothing"
    return changed


def _plain(payload: Payload) -> Payload:
    """The payload as the server sees it: numbers as text."""
    found: Payload = json.loads(json_text(payload))
    return found


@contextmanager
def hostile_desk(shop: Trade, role: str = "clerk") -> Iterator[HostileDesk]:
    """A member of SHOP with that role alone."""
    login = shop.database.make_user(role, [role])
    with shop.admin() as admin:
        admin.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                      " SELECT id, %s, %s FROM erpdesk.organization", (login.name, role))
    with shop.database.connect(login) as connection:
        yield HostileDesk(shop, login, Desk(shop.database.server(login)), connection)
