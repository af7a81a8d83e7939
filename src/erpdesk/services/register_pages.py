"""What registers are asked and answer, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

Place = tuple[date, int | None, UUID]
"""Where a voucher stands: its day, its posting sequence once it is posted, its id."""

PAGE_ROWS = 200
COUNTED = 100_000
"""More vouchers than these are counted no further."""


@dataclass(frozen=True, slots=True)
class RegisterQuestion:
    """Which vouchers: days as ISO text, a type by code, words to find. Empty text means all."""

    since: str = ""
    until: str = ""
    type: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One voucher: texts by column, and where it stands."""

    voucher_id: str
    type: str
    date: str
    status: str
    cells: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """Vouchers that follow one another; whether there are others before and after them."""

    rows: tuple[RegisterRow, ...]
    has_before: bool
    has_after: bool


@dataclass(frozen=True, slots=True)
class Tie:
    """A voucher that another is tied to: `reverses`, `reversed_by`, `replaces`, `against`, `settles` …, and with
    `_of` the other way round."""

    kind: str
    voucher_id: str
    voucher_number: str
    type_label: str
    date: str
    status: str
