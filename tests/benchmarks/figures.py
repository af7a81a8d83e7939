"""Figures of a benchmark: times with least, median and 95th percentile, and the table they are shown in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Times:
    """Durations of one thing done many times, in milliseconds."""

    milliseconds: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        self.milliseconds.append(seconds * 1000)

    def at(self, share: float) -> float:
        """The value below which that share of all lies; 0 is the least."""
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        return self.at(0.5)

    def __str__(self) -> str:
        return f"{self.at(0):.1f} / {self.median:.1f} / {self.at(0.95):.1f} ms"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: the bar's number, what was measured, against what, and whether it holds.

    `holds` is None where a figure has no bar of its own.
    """

    bar: str
    what: str
    measured: str
    beside: str = ""
    result: str = ""
    wanted: str = ""
    holds: bool | None = None


def show(title: str, rows: Sequence[Row]) -> None:
    """Prints the table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for name in ("bar", "what", "measured", "yardstick", "result", "wanted", ""):
        table.add_column(name, overflow="fold")
    for row in rows:
        verdict = {None: "", True: "holds", False: "MISSED"}[row.holds]
        table.add_row(row.bar, row.what, row.measured, row.beside, row.result, row.wanted, verdict)
    console = Console()
    Console(width=max(console.width, 170)).print(table)
