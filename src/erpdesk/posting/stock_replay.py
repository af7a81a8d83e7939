"""Movements gone through again in posting order: what was taken from each layer and pool by the rule of costing.

Taking q from a layer or pool with Q left of value V takes money(V × q ÷ Q), the last part what is left. What is
remembered is what is open, so that memory follows the stock and not the history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import ZERO, plain, share

Movement = Mapping[str, Any]
_State = list[Decimal]


@dataclass(slots=True)
class StockReplay:
    """Open layers and pools as far as they have been gone through; `below_zero` are places whose pools had deficits,
    whose values follow from costs that were assumed."""

    below_zero: frozenset[tuple[str, str]]
    _layers: dict[str, _State] = field(default_factory=dict)
    _pools: dict[tuple[str, str], _State] = field(default_factory=dict)

    def enter(self, movements: Sequence[Movement], decimals: int) -> Iterator[str]:
        """What is wrong with the movements of the next voucher."""
        transfers: dict[str, Decimal] = {}
        for movement in movements:
            if movement["off"]:
                yield "a movement does not undo the one it reverses"
            if movement["transfer"] and movement["kind"] != "cost":
                moved = transfers.get(movement["transfer"], ZERO)
                transfers[movement["transfer"]] = moved + movement["value"]
            yield from self._move(movement, decimals)
        if any(transfers.values()):
            yield "a transfer does not keep the value of what it moves"

    def _move(self, movement: Movement, decimals: int) -> Iterator[str]:
        states: dict[Any, _State]
        states, key = self._layers, movement["layer"]
        if movement["valuation"] != "fifo":
            states, key = self._pools, (movement["item"], movement["warehouse"])
        if key is None or key in self.below_zero:
            return
        state = states.setdefault(key, [ZERO, ZERO])
        quantity, value = movement["quantity"], movement["value"]
        if quantity < 0 and not movement["reverses"]:
            expected = share(state[1], -quantity, state[0], decimals) if state[0] else ZERO
            if expected != -value:
                yield f"{plain(-value)} was taken from stock where the rule of costing takes {plain(expected)}"
        state[0] += quantity
        state[1] += value
        if not state[0]:
            del states[key]
            if state[1]:
                yield f"{plain(state[1])} of value is left where no quantity is"
