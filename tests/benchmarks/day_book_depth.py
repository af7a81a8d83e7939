"""P6: a page of the day book at its beginning and deep in it, turn by turn."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.company import CODE, Size, company_home, superuser
from benchmarks.figures import Row, Times
from benchmarks.years import fill

if TYPE_CHECKING:
    from erpdesk.services.register_pages import RegisterQuestion
    from erpdesk.services.registers import RegisterService

_BAR_MS = 100
_TURNS = 60


def measure(size: Size) -> list[Row]:
    """Rows of P6: the day book of all types, and the register of one."""
    from erpdesk.services.desk import open_desk
    from erpdesk.services.register_pages import RegisterQuestion

    with company_home(size), open_desk() as desk, superuser() as connection:
        books = desk.books(CODE)
        held = fill(books.vouchers, connection, size.history)
        kind = max((one.code for one in books.vouchers.types()),
                   key=lambda code: books.registers.how_many(RegisterQuestion(type=code)))
        return [*_rows(books.registers, RegisterQuestion(), f"a day-book page beside {held}", "P6", size),
                *_rows(books.registers, RegisterQuestion(type=kind), "a page of one type's register", "", size)]


def _rows(registers: RegisterService, question: RegisterQuestion, what: str, bar: str, size: Size) -> list[Row]:
    first = registers.first(question)
    middle = first
    step = max(200, size.history // 12)
    while middle.has_after and (following := registers.after(question, middle.rows[-1].place, step)).has_after:
        middle = following
    place = middle.rows[-1].place
    shallow, deep, back = Times(), Times(), Times()
    for _ in range(min(_TURNS, size.posts)):
        for times, page in ((shallow, lambda: registers.first(question)),
                            (deep, lambda: registers.after(question, place)),
                            (back, lambda: registers.before(question, place))):
            began = time.perf_counter()
            page()
            times.add(time.perf_counter() - began)
    worst = max(deep.at(0.95), back.at(0.95))
    return [Row(bar, f"{what}, 200 rows at depth (min / median / p95)", f"{deep} on, {back} back",
                f"{shallow} at the beginning", f"{deep.median / shallow.median:.2f} x", f"<= {_BAR_MS} ms",
                worst <= _BAR_MS)]
