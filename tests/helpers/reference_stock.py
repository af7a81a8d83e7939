"""Reference stock: cost layers, weighted-average pools and their dates, written from the specification alone.

Figures are fractions, so that nothing rounds but `money`. It shares no code with the program: what both say of the
same vouchers must agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from helpers.reference_items import EXPIRES, ITEMS, ZERO, Costless, Short, money, rounded

Place = tuple[str, str]
"""Item and warehouse."""


@dataclass(slots=True)
class Layer:
    """A receipt, or a part of one that was moved or came back."""

    place: Place
    order: tuple[str, int, int]
    batch: str | None
    quantity: Fraction
    value: Fraction
    received: Fraction
    cost: Fraction
    origin: tuple[int, int] | None
    source: tuple[int, int]

    @property
    def turn(self) -> tuple[str, tuple[str, int, int]]:
        """Its place in the queue: earliest expiry first where the item says so, else by receipt."""
        expiry = EXPIRES.get(self.batch or "", "9999") if ITEMS[self.place[0]].fefo else ""
        return expiry, self.order


@dataclass(slots=True)
class Deficit:
    """What was issued below zero and not yet made good."""

    place: Place
    quantity: Fraction
    value: Fraction


@dataclass(slots=True)
class Effect:
    """One thing a voucher did to stock. `kind`: layer (made), take, pool, cost, deficit, settled; `held` is what a
    layer had when its value was changed."""

    kind: str
    place: Place
    quantity: Fraction
    value: Fraction
    batch: str | None = None
    layer: Layer | None = None
    deficit: Deficit | None = None
    held: Fraction = ZERO


@dataclass(slots=True)
class Reservation:
    """What an order line keeps from others."""

    order: int
    line: int
    place: Place
    quantity: Fraction
    left: Fraction
    batch: str | None = None


@dataclass(slots=True)
class Part:
    """A part of an issue."""

    quantity: Fraction
    value: Fraction
    batch: str | None
    origin: tuple[int, int] | None


@dataclass(slots=True)
class ReferenceStock:
    """All stock of one organization, and the effects of the voucher under way."""

    layers: list[Layer] = field(default_factory=list)
    pools: dict[Place, list[Fraction]] = field(default_factory=dict)
    batches: dict[tuple[Place, str], Fraction] = field(default_factory=dict)
    moves: dict[Place, list[tuple[str, str | None, Fraction]]] = field(default_factory=dict)
    costs: dict[Place, list[tuple[int, Fraction]]] = field(default_factory=dict)
    deficits: list[Deficit] = field(default_factory=list)
    reservations: list[Reservation] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    told: list[tuple[Place, Fraction]] = field(default_factory=list)
    before: dict[Place, tuple[Fraction, Fraction]] = field(default_factory=dict)
    voucher: int = 0
    sequence: int = 0
    day: str = ""

    def begin(self, voucher: int, day: str) -> None:
        """The next voucher."""
        self.voucher, self.day, self.effects, self.told = voucher, day, [], []
        self.sequence += 1
        self.before = {place: self.on_hand(place) for place in self.moves}

    def end(self) -> None:
        """What its goods cost is known from now on."""
        for place, cost in self.told:
            self.costs.setdefault(place, []).append((self.sequence, cost))

    # what is there

    def on_hand(self, place: Place) -> tuple[Fraction, Fraction]:
        """Quantity and value, deficits taken off."""
        if ITEMS[place[0]].fifo:
            held = [layer for layer in self.layers if layer.place == place]
            quantity = sum((layer.quantity for layer in held), ZERO)
            value = sum((layer.value for layer in held), ZERO)
        else:
            quantity, value = self.pools.get(place, [ZERO, ZERO])
        owed = [deficit for deficit in self.deficits if deficit.place == place]
        return (quantity - sum((deficit.quantity for deficit in owed), ZERO),
                value - sum((deficit.value for deficit in owed), ZERO))

    def quantity_on(self, place: Place, day: str, batch: str | None = None) -> Fraction:
        """What the books had at the end of a day."""
        return sum((quantity for when, of, quantity in self.moves.get(place, ())
                    if when <= day and batch in (None, of)), ZERO)

    def least_from(self, place: Place, day: str) -> Fraction:
        """The least there is at the end of that day or of any later one."""
        days = {day, *(when for when, _, _ in self.moves.get(place, ()) if when > day)}
        return min(self.quantity_on(place, one) for one in days)

    def free(self, place: Place) -> Fraction:
        """What may be issued on the voucher's day: not below zero later, nor what is reserved. Where stock went below
        zero, what lies in layers or in the pool now may be issued still."""
        reserved = sum((one.left for one in self.reservations if one.place == place), ZERO)
        owed = sum((one.quantity for one in self.deficits if one.place == place), ZERO)
        days = sorted({when for when, _, _ in self.moves.get(place, ()) if when > self.day})
        then = [self.quantity_on(place, day) for day in [self.day, *days][:-1]]
        return min([self.on_hand(place)[0] + owed, *then]) - reserved

    def spare(self, place: Place, batch: str | None) -> Fraction:
        """What is there of a batch beside what orders keep of it."""
        kept = sum((one.left for one in self.reservations if (one.place, one.batch) == (place, batch)), ZERO)
        if not ITEMS[place[0]].fifo:
            return self.batches.get((place, batch or ""), ZERO) - kept
        there = (layer.quantity for layer in self.layers if (layer.place, layer.batch) == (place, batch))
        return sum(there, ZERO) - kept

    def last_cost(self, place: Place) -> Fraction | None:
        """The unit cost last known here, else anywhere."""
        if self.costs.get(place):
            return self.costs[place][-1][1]
        known = [rows[-1] for where, rows in self.costs.items() if where[0] == place[0] and rows]
        return max(known)[1] if known else None

    # what vouchers do

    def take(self, item: str, warehouse: str, quantity: Fraction, batch: str | None = None,
             prefer: tuple[int, int] | None = None, *, below_zero: bool = False) -> list[Part]:
        """Issue a quantity; raises Short."""
        place, rule = (item, warehouse), ITEMS[item]
        free = self.free(place)
        there = min(free, self._held(place, batch))
        if there < quantity:
            if not (rule.negative and below_zero and batch is None and not rule.batches):
                raise Short(item)
            there = max(there, ZERO)
            parts = self._take_held(place, there, batch, prefer) if there else []
            return [*parts, self._owe(place, quantity - there)]
        return self._take_held(place, quantity, batch, prefer)

    def put(self, item: str, warehouse: str, quantity: Fraction, value: Fraction, batch: str | None,
            line: int, origin: tuple[int, int] | None = None) -> list[tuple[str, Fraction]]:
        """Receive; deficits are settled first, oldest first. Cost differences by account."""
        place, variance = (item, warehouse), ZERO
        for deficit in self.deficits:
            if deficit.place != place or not deficit.quantity or not quantity:
                continue
            part = min(deficit.quantity, quantity)
            cost, owed = money(value * part / quantity), money(deficit.value * part / deficit.quantity)
            deficit.quantity -= part
            deficit.value -= owed
            self.effects.append(Effect("settled", place, part, owed, None, None, deficit))
            self._moved(place, batch, part, cost)
            quantity, value, variance = quantity - part, value - cost, variance + cost - owed
        if quantity:
            self._enter(place, quantity, value, batch, (self.voucher, line), origin)
        return [("5030", variance), (ITEMS[item].account, -variance)] if variance else []

    def set_off(self) -> list[tuple[str, Fraction]]:
        """Where nothing is on hand at last, what lies there meets all that is owed. Cost differences by account."""
        journal: list[tuple[str, Fraction]] = []
        for place in dict.fromkeys(effect.place for effect in self.effects):
            owed = [one for one in self.deficits if one.place == place and one.quantity]
            quantity, variance = self.on_hand(place)
            if quantity or not owed:
                continue
            lying = [one for one in self.layers if one.place == place and one.quantity]
            met = [Effect("settled", place, one.quantity, one.value, None, None, one) for one in owed]
            met += [Effect("take", place, one.quantity, one.value, one.batch, one) for one in lying]
            if pool := self.pools.get(place):
                met.append(Effect("pool", place, -pool[0], -pool[1]))
                pool[:] = [ZERO, ZERO]
            emptied: list[Deficit | Layer] = [*owed, *lying]
            for part in emptied:
                part.quantity = part.value = ZERO
            self.effects[:0] = met
            journal += [("5030", variance), (ITEMS[place[0]].account, -variance)] if variance else []
        return journal

    def reprice(self, target: Layer | Place, value: Fraction) -> None:
        """Change the value of what a layer or a pool holds."""
        if isinstance(target, Layer):
            target.value += value
            self.effects.append(Effect("cost", target.place, ZERO, value, None, target, None, target.quantity))
        else:
            self.pools[target][1] += value
            self.effects.append(Effect("cost", target, ZERO, value))

    def _held(self, place: Place, batch: str | None) -> Fraction:
        if ITEMS[place[0]].fifo:
            return sum((most for _, most in self._spared(place, self._eligible(place, batch))), ZERO)
        if ITEMS[place[0]].batches:
            days = sorted({when for when, of, _ in self.moves.get(place, ()) if when > self.day and of == batch})
            then = [self.quantity_on(place, day, batch) for day in [self.day, *days][:-1]]
            return min([self.batches.get((place, batch or ""), ZERO), self.spare(place, batch), *then])
        return self.pools.get(place, [ZERO, ZERO])[0]

    def _spared(self, place: Place, queue: list[Layer]) -> list[tuple[Layer, Fraction]]:
        """How much of each layer may be taken, in order: what orders keep of a batch stays."""
        left: dict[str | None, Fraction] = {
            layer.batch: self.spare(place, layer.batch) for layer in queue if layer.batch}
        found = []
        for layer in queue:
            most = max(min(layer.quantity, left.get(layer.batch, layer.quantity)), ZERO)
            if layer.batch:
                left[layer.batch] -= most
            found.append((layer, most))
        return found

    def _eligible(self, place: Place, batch: str | None) -> list[Layer]:
        found = [layer for layer in self.layers if layer.place == place and layer.quantity
                 and layer.order[0] <= self.day and batch in (None, layer.batch)]
        return sorted(found, key=lambda layer: layer.turn)

    def _take_held(self, place: Place, quantity: Fraction, batch: str | None,
                   prefer: tuple[int, int] | None) -> list[Part]:
        if not ITEMS[place[0]].fifo:
            return [self._take_pool(place, quantity, batch)]
        queue, parts = self._eligible(place, batch), []
        queue.sort(key=lambda layer: layer.source != prefer)
        for layer, most in self._spared(place, queue):
            part = min(quantity, most)
            if not part:
                continue
            value = money(layer.value * part / layer.quantity)
            layer.quantity -= part
            layer.value -= value
            quantity -= part
            self.effects.append(Effect("take", place, part, value, layer.batch, layer))
            self._moved(place, layer.batch, -part, value)
            parts.append(Part(part, value, layer.batch, layer.origin))
        return parts

    def _take_pool(self, place: Place, quantity: Fraction, batch: str | None) -> Part:
        pool = self.pools[place]
        value = money(pool[1] * quantity / pool[0])
        pool[0] -= quantity
        pool[1] -= value
        if batch:
            self.batches[place, batch] -= quantity
        self.effects.append(Effect("pool", place, -quantity, -value, batch))
        self._moved(place, batch, -quantity, value)
        return Part(quantity, value, batch, None)

    def _owe(self, place: Place, quantity: Fraction) -> Part:
        cost = self.last_cost(place)
        if cost is None:
            raise Costless(place[0])
        deficit = Deficit(place, quantity, money(cost * quantity))
        self.deficits.append(deficit)
        self.effects.append(Effect("deficit", place, quantity, deficit.value, None, None, deficit))
        self._moved(place, None, -quantity, deficit.value)
        return Part(quantity, deficit.value, None, None)

    def _enter(self, place: Place, quantity: Fraction, value: Fraction, batch: str | None,
               source: tuple[int, int], origin: tuple[int, int] | None) -> None:
        if ITEMS[place[0]].fifo:
            order = (self.day, self.sequence, len(self.effects))
            layer = Layer(place, order, batch, quantity, value, quantity, value, origin or source, source)
            self.layers.append(layer)
            self.effects.append(Effect("layer", place, quantity, value, batch, layer))
        else:
            pool = self.pools.setdefault(place, [ZERO, ZERO])
            pool[0] += quantity
            pool[1] += value
            if batch:
                self.batches[place, batch] = self.batches.get((place, batch), ZERO) + quantity
            self.effects.append(Effect("pool", place, quantity, value, batch))
        self._moved(place, batch, quantity, value)

    def _moved(self, place: Place, batch: str | None, quantity: Fraction, value: Fraction) -> None:
        self.moves.setdefault(place, []).append((self.day, batch, quantity))
        self.told.append((place, rounded(abs(value / quantity), 6)))

    # undoing

    def undo(self, effects: Iterable[Effect]) -> None:
        """As if a voucher had never been, on the day of its reversal; raises Short when its goods are gone."""
        places = {effect.place for effect in effects}
        for effect in effects:
            self._undo(effect)
        for place in places:
            on_hand, worth = self.on_hand(place)
            if not on_hand and worth:
                raise Short(place[0])
            quantity, value = self.pools.get(place, [ZERO, ZERO])
            if quantity < 0 or value < 0 or (not quantity and value) or self._left_short(place):
                raise Short(place[0])
            if any(left < 0 for (where, _), left in self.batches.items() if where == place):
                raise Short(place[0])

    def _undo(self, effect: Effect) -> None:
        layer, back = effect.layer, ZERO
        if effect.kind == "layer" and layer is not None:
            if (layer.quantity, layer.value) != (layer.received, layer.cost):
                raise Short(effect.place[0])
            layer.quantity = layer.value = ZERO
            back = -effect.quantity
        elif effect.kind == "take" and layer is not None:
            layer.quantity += effect.quantity
            layer.value += effect.value
            back = effect.quantity
        elif effect.kind == "cost" and layer is not None:
            layer.value -= effect.value
            if layer.quantity != effect.held or layer.value < 0:
                raise Short(effect.place[0])
        elif effect.kind in ("pool", "cost"):
            self.pools[effect.place][0] -= effect.quantity
            self.pools[effect.place][1] -= effect.value
            if effect.batch:
                self.batches[effect.place, effect.batch] -= effect.quantity
            back = -effect.quantity
        elif effect.kind == "deficit" and effect.deficit is not None:
            if effect.deficit.quantity != effect.quantity:
                raise Short(effect.place[0])
            effect.deficit.quantity = effect.deficit.value = ZERO
            back = effect.quantity
        elif effect.deficit is not None:
            effect.deficit.quantity += effect.quantity
            effect.deficit.value += effect.value
            back = -effect.quantity
        if back:
            self.moves[effect.place].append((self.day, effect.batch, back))

    def _left_short(self, place: Place) -> bool:
        if ITEMS[place[0]].negative:
            return False
        return self.least_from(place, self.day) < 0
