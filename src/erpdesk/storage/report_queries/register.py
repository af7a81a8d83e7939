"""The registers' question: vouchers of every status in the order of their days, a page at a time at any depth.

All types together stand in the order of day and posting, what isn't posted last in its day; one type alone in the
order of day and entry. Each order is that of an index, and a page begins at a voucher, never at a count of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class Place(NamedTuple):
    """Where a voucher stands; `sequence` is None until it is posted."""

    day: date
    sequence: int | None
    voucher_id: UUID


class RegisterLine(NamedTuple):
    """One voucher, posted or not."""

    dated_on: date
    sequence: int | None
    voucher_id: UUID
    voucher_number: str
    type_code: str
    reference: str
    party: str
    party_name: str
    narration: str
    total: Decimal
    status: str
    by: str

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.dated_on, self.sequence, self.voucher_id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which vouchers: days (both included), a type, words that number, reference, party or narration hold, or the
    amount that they say. None and empty text mean all."""

    since: date | None = None
    until: date | None = None
    type_id: UUID | None = None
    text: str = ""
    amount: Decimal | None = None


def lines_after(reading: Reading, wanted: Wanted, place: Place | None, limit: int) -> list[RegisterLine]:
    """The vouchers after a place, or the first, in order."""
    return _lines(reading, wanted, place, limit, forward=True)


def lines_before(reading: Reading, wanted: Wanted, place: Place | None, limit: int) -> list[RegisterLine]:
    """The vouchers before a place, or the last, in order."""
    return _lines(reading, wanted, place, limit, forward=False)[::-1]


def line_at(reading: Reading, wanted: Wanted, place: Place) -> list[RegisterLine]:
    """The voucher of a place, wherever it stands now; none when it isn't among those wanted."""
    segment = _segment(wanted, " AND v.id = %(id)s", _TYPE_ORDER, forward=True, columns=_SORTED)
    statement = _PAGE.format(segments=f"({segment})", order="k.id")
    found = reading.rows(statement, {**_values(wanted), **_place_values(place), "limit": 1})
    return [RegisterLine(*row) for row in found]


def how_many(reading: Reading, wanted: Wanted, most: int) -> int:
    """How many vouchers there are, counted up to `most`."""
    statement = _COUNT.format(conditions=_conditions(wanted))
    return int(reading.rows(statement, {**_values(wanted), "most": most})[0][0])


def place_of(reading: Reading, voucher_id: UUID) -> Place | None:
    """Where a voucher stands now; None when it isn't there."""
    found = reading.rows("SELECT v.voucher_on, v.posting_sequence, v.id FROM erpdesk.voucher v"
                         " WHERE v.organization_id = %(organization)s AND v.id = %(id)s", {"id": voucher_id})
    return Place(*found[0]) if found else None


def neighbour(reading: Reading, type_id: UUID, place: Place | None, *, forward: bool) -> UUID | None:
    """The next or the previous voucher of a type, or from no place its first or last."""
    wanted = Wanted(type_id=type_id)
    statement = _segment(wanted, _of_type(place, forward=forward), _TYPE_ORDER, forward=forward, columns="v.id")
    found = reading.rows(statement, {**_values(wanted), **_place_values(place), "limit": 1})
    return found[0][0] if found else None


def _lines(reading: Reading, wanted: Wanted, place: Place | None, limit: int, *, forward: bool) -> list[RegisterLine]:
    order = _TYPE_ORDER if wanted.type_id else _DAY_ORDER
    places = (_of_type(place, forward=forward),) if wanted.type_id else _of_day_book(place, forward=forward)
    segments = " UNION ALL ".join(
        f"({_segment(wanted, condition, order, forward=forward, columns=_SORTED)})" for condition in places)
    statement = _PAGE.format(segments=segments, order=_ordered(order, forward=forward, table="k"))
    values = {**_values(wanted), **_place_values(place), "limit": limit}
    return [RegisterLine(*row) for row in reading.rows(statement, values)]


# Places. A row comparison can't be used where the sequence may be null, so a day book page is put together of what is
# left of the day's posted vouchers, of its others, and of the days beyond: each a walk along the index.

_DAY_ORDER = ("voucher_on", "posting_sequence", "id")
_TYPE_ORDER = ("voucher_on", "id")
_SORTED = "v.voucher_on, v.posting_sequence, v.id"


def _of_type(place: Place | None, *, forward: bool) -> str:
    if place is None:
        return ""
    return f" AND (v.voucher_on, v.id) {'>' if forward else '<'} (%(day)s, %(id)s)"


def _of_day_book(place: Place | None, *, forward: bool) -> Sequence[str]:
    if place is None:
        return ("",)
    same = " AND v.voucher_on = %(day)s AND v.posting_sequence "
    sign = ">" if forward else "<"
    beyond = f" AND v.voucher_on {sign} %(day)s"
    if place.sequence is None:
        rest = f"{same} IS NULL AND v.id {sign} %(id)s"
        return (rest, beyond) if forward else (rest, f"{same} IS NOT NULL", beyond)
    rest = f"{same} {sign} %(sequence)s"
    return (rest, f"{same} IS NULL", beyond) if forward else (rest, beyond)


def _segment(wanted: Wanted, place: str, order: Sequence[str], *, forward: bool, columns: str) -> str:
    return _SEGMENT.format(columns=columns, conditions=_conditions(wanted) + place,
                           order=_ordered(order, forward=forward, table="v"))


def _ordered(order: Sequence[str], *, forward: bool, table: str) -> str:
    """Ascending has what isn't posted last by itself, descending first."""
    return ", ".join(f"{table}.{column}{'' if forward else ' DESC'}" for column in order)


def _conditions(wanted: Wanted) -> str:
    found = "".join(f" OR {condition}" for condition in (
        (_TEXT if wanted.text else ""), (_AMOUNT if wanted.amount is not None else "")) if condition)
    return "".join((
        "v.organization_id = %(organization)s",
        " AND v.voucher_on >= %(since)s" if wanted.since else "",
        " AND v.voucher_on <= %(until)s" if wanted.until else "",
        " AND v.voucher_config_id = %(type)s" if wanted.type_id else "",
        f" AND ({found[4:]})" if found else "",
    ))


def _values(wanted: Wanted) -> dict[str, Any]:
    escaped = wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"since": wanted.since, "until": wanted.until, "type": wanted.type_id, "text": f"%{escaped}%",
            "amount": wanted.amount}


def _place_values(place: Place | None) -> dict[str, Any]:
    day, sequence, voucher_id = place or (None, None, None)
    return {"day": day, "sequence": sequence, "id": voucher_id}


_TEXT = """v.voucher_number ILIKE %(text)s OR v.ref_no ILIKE %(text)s OR v.narration ILIKE %(text)s
    OR v.party_id IN (SELECT q.id FROM erpdesk.party q WHERE q.organization_id = %(organization)s
                      AND (q.name ILIKE %(text)s OR q.code ILIKE %(text)s))"""
_AMOUNT = "v.base_total = %(amount)s OR v.total = %(amount)s"

_COUNT = "SELECT count(*) FROM (SELECT FROM erpdesk.voucher v WHERE {conditions} LIMIT %(most)s) c"

_SEGMENT = "SELECT {columns} FROM erpdesk.voucher v WHERE {conditions} ORDER BY {order} LIMIT %(limit)s"

_PAGE = """
WITH k AS MATERIALIZED (SELECT * FROM ({segments}) k ORDER BY {order} LIMIT %(limit)s)
SELECT k.voucher_on, k.posting_sequence, k.id, coalesce(v.voucher_number, ''), t.code, coalesce(v.ref_no, ''),
       coalesce(p.code, ''), coalesce(p.name, ''), coalesce(v.narration, ''), v.base_total, v.status,
       coalesce(v.posted_by, v.changed_by)
FROM k
JOIN erpdesk.voucher v ON v.organization_id = %(organization)s AND v.id = k.id
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
LEFT JOIN erpdesk.party p ON p.organization_id = v.organization_id AND p.id = v.party_id
ORDER BY {order}
"""
