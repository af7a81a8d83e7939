"""Registers in memory: as many vouchers as wanted, in the order of their days."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from erpdesk.services.register_pages import Place, RegisterPage, RegisterQuestion, RegisterRow, Tie

_FIRST = date(2026, 11, 1)


def register_row(number: int, day: date = _FIRST, status: str = "POSTED", kind: str = "JOURNAL") -> RegisterRow:
    """One voucher; its number among all is in its texts."""
    posted = status in ("POSTED", "REVERSED")
    voucher_id = uuid.UUID(int=number + 1)
    name = f"JV/26-27/{number + 1:06d}" if posted else ""
    return RegisterRow(str(voucher_id), kind, day.isoformat(), status, {
        "date": day.isoformat(), "voucher_number": name, "type": kind, "party": "Asha Stores", "ref_no": "",
        "narration": f"no {number}", "total": f"{number + 1}.50", "status": status, "by": "asha",
    }, (day, number if posted else None, voucher_id))


def many_rows(count: int, a_day: int = 700) -> list[RegisterRow]:
    """Posted vouchers over the days of November."""
    return [register_row(number, _FIRST + timedelta(number // a_day)) for number in range(count)]


class FakeRegisters:
    """Rows as given; `asked` are the questions, `gate` may hold an answer back."""

    def __init__(self, off_the_main_thread: Callable[[], None]) -> None:
        self._off = off_the_main_thread
        self.rows: list[RegisterRow] = [register_row(0, date(2026, 11, 2))]
        self.asked: list[tuple[str, RegisterQuestion]] = []
        self.gate: threading.Event | None = None
        self.may = frozenset({"enter", "post", "reverse", "cancel"})
        self.tied: tuple[Tie, ...] = ()

    def change(self, number: int, status: str) -> None:
        """Another status of a voucher."""
        row = self.rows[number]
        self.rows[number] = replace(row, status=status, cells={**row.cells, "status": status})

    def _found(self, how: str, question: RegisterQuestion) -> list[RegisterRow]:
        self._off()
        self.asked.append((how, question))
        if self.gate is not None:
            assert self.gate.wait(10)
        return [row for row in self.rows
                if (question.since or "") <= row.date <= (question.until or "9999")
                and question.type in ("", row.type) and question.text.lower() in str(row.cells.values()).lower()]

    def first(self, question: RegisterQuestion, limit: int = 200) -> RegisterPage:
        return _page(self._found("first", question), 0, limit)

    def last(self, question: RegisterQuestion, limit: int = 200) -> RegisterPage:
        found = self._found("last", question)
        return _page(found, max(0, len(found) - limit), len(found))

    def after(self, question: RegisterQuestion, place: Place, limit: int = 200) -> RegisterPage:
        found = self._found("after", question)
        here = _here(found, place) + 1
        return _page(found, here, here + limit)

    def before(self, question: RegisterQuestion, place: Place, limit: int = 200) -> RegisterPage:
        found = self._found("before", question)
        here = _here(found, place)
        return _page(found, max(0, here - limit), here)

    def around(self, question: RegisterQuestion, place: Place, limit: int = 200) -> RegisterPage:
        found = self._found("around", question)
        here = _here(found, place)
        return _page(found, max(0, here - limit), here + limit + 1)

    def how_many(self, question: RegisterQuestion) -> int:
        return len(self._found("count", question))

    def written(self, question: RegisterQuestion, file_format: str) -> bytes:
        return "\n".join(row.cells["narration"] for row in self._found(file_format, question)).encode()

    def neighbour(self, type_code: str, voucher_id: str = "", *, forward: bool) -> str:
        self._off()
        ids = [row.voucher_id for row in self.rows if row.type == type_code]
        here = ids.index(voucher_id) if voucher_id in ids else len(ids)
        there = here + (1 if forward else -1)
        return ids[there] if 0 <= there < len(ids) else ""

    def ties(self, voucher_id: str) -> Sequence[Tie]:
        self._off()
        return self.tied

    def rights(self, type_code: str, branch: str) -> frozenset[str]:
        self._off()
        return self.may


def _here(found: Sequence[RegisterRow], place: Place) -> int:
    return next((number for number, row in enumerate(found) if row.place[2] == place[2]), 0)


def _page(found: Sequence[RegisterRow], first: int, last: int) -> RegisterPage:
    return RegisterPage(tuple(found[first:last]), first > 0, last < len(found))
