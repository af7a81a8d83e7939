"""The demo: an organization with masters, opening stock and a month of posted vouchers, to try everything on.

What it holds is data (`resources/demo`); the same seed on the same day gives the same figures. Vouchers go
through the same door as an import, one by one, with stock kept in mind so that none is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, InvalidRequest, Refused
from erpdesk.services.demo_vouchers import DemoVouchers
from erpdesk.settings import RESOURCES

if TYPE_CHECKING:
    from erpdesk.services.desk import Books, Desk


@dataclass(frozen=True, slots=True)
class MadeDemo:
    """What was made, and how long it took."""

    code: str
    masters: int
    vouchers: int
    seconds: float


def make_demo(
    desk: Desk, *, size: str = "small", seed: int = 1, advance: Callable[[int], None] | None = None
) -> MadeDemo | None:
    """Makes the demo; None, and nothing done, when it is there already. `advance` hears how many vouchers
    are posted. Raises ErpdeskError."""
    started = time.perf_counter()
    plan = _read(f"{size}.json")
    code = plan["organization"]["code"]
    if any(organization.code == code for organization in desk.organizations()):
        return None
    today = desk.today()
    _create(desk, plan["organization"], today)
    books = desk.books(code)
    masters = _read("masters.json")
    made = _write_masters(books, masters)
    vouchers = 0
    for vouchers, document in enumerate(_documents(plan, masters, today, seed), start=1):
        _post(books, document)
        if advance is not None:
            advance(vouchers)
    return MadeDemo(code, made, vouchers, time.perf_counter() - started)


def _read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(
        (RESOURCES / "demo" / name).read_text(encoding="utf-8"), parse_int=str, parse_float=str
    )
    return content


def _create(desk: Desk, facts: Mapping[str, str], today: date) -> None:
    from erpdesk.services.organizations import NewOrganization

    starts_on = _year_start(facts["year_starts"], today)
    ends_on = starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)
    desk.create_organization(
        NewOrganization(facts["code"], facts["name"], facts["currency"], starts_on, ends_on, facts["country"])
    )


def _year_start(month_day: str, today: date) -> date:
    """The first day of the fiscal year that today lies in."""
    start = date.fromisoformat(f"{today.year:04}-{month_day}")
    return start if start <= today else start.replace(year=today.year - 1)


def _write_masters(books: Books, masters: Mapping[str, Any]) -> int:
    results = books.masters.import_masters(masters)
    faults = [fault for result in results for fault in result.faults]
    if faults:
        raise InvalidRequest(faults)
    return len(results)


def _documents(
    plan: Mapping[str, Any], masters: Mapping[str, Any], today: date, seed: int
) -> Iterator[dict[str, Any]]:
    first = max(
        today - timedelta(days=int(plan["days"]) - 1), _year_start(plan["organization"]["year_starts"], today)
    )
    random = Random(seed)
    vouchers = DemoVouchers(plan, masters, random)
    for number, document in enumerate(vouchers.between(first, today), start=1):
        yield document | {"idempotency_key": f"demo:{seed}:{number:05}"}


def _post(books: Books, document: Mapping[str, Any]) -> None:
    result = books.vouchers.import_one(document, post=True)
    if isinstance(result, Refused):
        fault = result.first
        raise ErpdeskError(
            "SYS-003",
            f"The demo couldn't be made: {fault.code} {fault.message} ({document['idempotency_key']}).",
            cure="Report this with the code; the rest of the database is untouched.",
        )  # fmt: skip
