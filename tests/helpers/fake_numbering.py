"""Counters of number series in memory, as a test sets them."""

from __future__ import annotations

from collections.abc import Callable

from erpdesk.blueprints.coming_numbers import Reached


class FakeNumbering:
    """How far series have come."""

    def __init__(self, off_the_main_thread: Callable[[], None]) -> None:
        self._off_the_main_thread = off_the_main_thread
        self.counters: tuple[Reached, ...] = ()

    def reached(self, type_code: str) -> tuple[Reached, ...]:
        """The counters, whatever the type."""
        self._off_the_main_thread()
        return self.counters
