"""Users in memory, as a test names them."""

from __future__ import annotations

from collections.abc import Callable

from erpdesk.domain.results import ErpdeskError
from erpdesk.services.people import Person


class FakePeople:
    """Those whom one may administer; `refusal` may come instead."""

    def __init__(self, off_the_main_thread: Callable[[], None]) -> None:
        self._off_the_main_thread = off_the_main_thread
        self.known: tuple[Person, ...] = ()
        self.refusal: ErpdeskError | None = None

    def people(self) -> tuple[Person, ...]:
        """By name."""
        self._off_the_main_thread()
        if self.refusal is not None:
            raise self.refusal
        return self.known
