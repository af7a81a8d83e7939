"""Whether a line may use what is left of the source line it follows."""

from __future__ import annotations

from erpdesk.domain.money import plain
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.resolved import Line
from erpdesk.posting.sources import OpenLine, SourceState
from erpdesk.posting.stock_plan import StockPlan


def usable(stock: StockPlan, sources: SourceState, line: Line, what: str) -> OpenLine | None:
    """The source line if it still stands and has that much left to `what` (return, invoice, deliver); else a fault."""
    assert line.source is not None
    assert line.source_line is not None
    if sources.status.get(line.source.id) != "POSTED":
        stock.faults.append(
            Fault("VCH-020", f"{line.source.name} is not posted any more", "against", Step.JOURNAL)
        )
        return None
    left = sources.line(line.source.id, line.source_line.number)
    if left is None or line.stock_quantity > left.left:
        there = plain(left.left) if left else "nothing"
        stock.faults.append(
            Fault(
                "INV-004",
                f"{line.source.name} has {there} left to {what}; {plain(line.stock_quantity)} is more",
                f"{line.path}.quantity",
                Step.INVENTORY,
                {"left": there},
            )
        )
        return None
    return left
