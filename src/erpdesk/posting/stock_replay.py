"""Movements gone through again in posting order: what was taken from each layer and pool by the rule of costing.

Taking q from a layer or pool with Q left of value V takes money(V × q ÷ Q), the last part what is left; from a pool,
all that a line takes at once, split over its parts cumulatively. What is remembered is what is open, so that memory
follows the stock and not the history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from erpdesk.domain.money import ZERO, plain, share, split, total

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
        lines: dict[Any, list[Decimal]] = {}
        for movement in movements:
            if _leaves_pool(movement):
                lines.setdefault(_line(movement), []).append(-movement["quantity"])
        worth: dict[Any, list[Decimal]] = {}
        for movement in movements:
            if movement["off"]:
                yield "a movement does not undo the one it reverses"
            if movement["transfer"] and movement["kind"] != "cost":
                moved = transfers.get(movement["transfer"], ZERO)
                transfers[movement["transfer"]] = moved + movement["value"]
            expected = None
            if _leaves_pool(movement):
                line = _line(movement)
                if line not in worth:
                    quantities = lines[line]
                    pool = self._pools.get((movement["item"], movement["warehouse"]), [ZERO, ZERO])
                    whole = share(pool[1], total(quantities), pool[0], decimals) if pool[0] else ZERO
                    worth[line] = [*split(whole, quantities, decimals)]
                expected = worth[line].pop(0)
            yield from self._move(movement, decimals, expected)
        if any(transfers.values()):
            yield "a transfer does not keep the value of what it moves"

    def _move(self, movement: Movement, decimals: int, expected: Decimal | None) -> Iterator[str]:
        """`expected` is its part of what a line takes from a pool."""
        states: dict[Any, _State]
        states, key = self._layers, movement["layer"]
        if movement["valuation"] != "fifo":
            states, key = self._pools, (movement["item"], movement["warehouse"])
        if key is None or key in self.below_zero:
            return
        state = states.setdefault(key, [ZERO, ZERO])
        quantity, value = movement["quantity"], movement["value"]
        if quantity < 0 and not movement["reverses"]:
            if expected is None:
                expected = share(state[1], -quantity, state[0], decimals) if state[0] else ZERO
            if expected != -value:
                yield f"{plain(-value)} was taken from stock where the rule of costing takes {plain(expected)}"
        state[0] += quantity
        state[1] += value
        if not state[0]:
            del states[key]
            if state[1]:
                yield f"{plain(state[1])} of value is left where no quantity is"


def _leaves_pool(movement: Movement) -> bool:
    return bool(movement["valuation"] != "fifo" and movement["quantity"] < 0 and not movement["reverses"])


def _line(movement: Movement) -> tuple[Any, ...]:
    """What leaves one pool by one line."""
    return tuple(movement[name] for name in ("grid", "line", "item", "warehouse"))
