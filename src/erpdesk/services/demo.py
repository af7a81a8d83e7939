"""The demo: an organization with masters, opening stock and a month of posted vouchers, to try everything on.

What it holds is data (`resources/demo`); the same seed on the same day gives the same figures. Vouchers go
through the same door as an import, one by one, with stock kept in mind so that none is refused.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, InvalidRequest, Refused
from erpdesk.services.demo_vouchers import DemoVouchers
from erpdesk.settings import RESOURCES

if TYPE_CHECKING:
    from erpdesk.services.desk import Books, Desk


LAST = "demo:last"
"""The idempotency key of the demo's last voucher: whoever finds it has the demo whole."""


@dataclass(frozen=True, slots=True)
class MadeDemo:
    """What was made, and how long it took."""

    code: str
    masters: int
    vouchers: int
    seconds: float


def make_demo(
    desk: Desk, *, size: str = "small", seed: int = 1, advance: Callable[[int], None] | None = None,
    announce: Callable[[int], None] | None = None,
) -> MadeDemo | None:
    """Makes the demo; None, and nothing done, when it is there already; one that was interrupted is gone on
    with. `announce` hears how many vouchers there will be, `advance` how many are posted. Raises ErpdeskError, and
    what `advance` raises."""
    started = time.perf_counter()
    plan, masters = _read(f"{size}.json"), _read("masters.json")
    code = plan["organization"]["code"]
    known = any(organization.code == code for organization in desk.organizations())
    if known and _voucher_of(desk.books(code), LAST) is not None:
        return None
    first, last = _days(plan, desk.today())
    if not known:
        _create(desk, plan["organization"], last)
    books = desk.books(code)
    begun = _voucher_of(books, _key(1))
    if begun is not None:
        first = date.fromisoformat(begun["date"])
        last = first + timedelta(days=int(plan["days"]) - 1)
    made = _write_masters(books, masters)
    documents = list(DemoVouchers(plan, masters, Random(seed)).between(first, last))
    if announce is not None:
        announce(len(documents))
    for number, document in enumerate(documents, start=1):
        key = _key(number) if number < len(documents) else LAST
        _post(books, document | {"idempotency_key": key})
        if advance is not None:
            advance(number)
    books.vouchers.refresh_statistics()
    return MadeDemo(code, made, len(documents), time.perf_counter() - started)


def _key(number: int) -> str:
    return f"demo:{number:05}"


def _voucher_of(books: Books, key: str) -> Mapping[str, Any] | None:
    """The document posted under a key; None when there is none."""
    try:
        return books.vouchers.show(f"key:{key}").document
    except ErpdeskError:
        return None


def _days(plan: Mapping[str, Any], today: date) -> tuple[date, date]:
    """The days of the demo: those before today, as far as the fiscal year goes back."""
    start = _year_start(plan["organization"]["year_starts"], today)
    return max(today - timedelta(days=int(plan["days"]) - 1), start), today


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


def _post(books: Books, document: Mapping[str, Any]) -> None:
    result = books.vouchers.import_one(document, post=True)
    if isinstance(result, Refused):
        fault = result.first
        raise ErpdeskError(
            "SYS-003",
            f"The demo couldn't be made: {fault.code} {fault.message} ({document['idempotency_key']}).",
            cure="Report this with the code; the rest of the database is untouched.",
        )  # fmt: skip
