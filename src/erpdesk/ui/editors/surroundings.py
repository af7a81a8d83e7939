"""What an editor knows of its surroundings: masters at hand, money, days, and the values beside its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from erpdesk.blueprints.fields import Field, FieldType
from erpdesk.ui.figures import WESTERN
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.lookups.index import OWNERS, PLACE
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.ports import LookupRow

ReadRaw = Callable[[str], Any]


@dataclass(slots=True)
class Surroundings:
    """One voucher window's: `today` is the server's day, `working_date` the desk's, `branch` the one chosen, if any.

    `listed_rate` tells from values of line and header what the price lists say. `edit_master` makes the master of a
    lookup's editor, or alters it (true).
    """

    lookups: LookupCache
    popup: LookupPopup
    today: date
    working_date: date
    money_decimals: int = 2
    grouping: str = WESTERN
    listed_rate: Callable[[Mapping[str, Any], Mapping[str, Any]], str | None] = lambda _line, _header: None
    edit_master: Callable[[Any, bool], None] | None = None
    branch: str = ""

    def use_currency(self, code: str, own: int) -> bool:
        """Write money with the decimals of a currency, `own` where it is the books' or isn't known; whether that
        changed anything."""
        row = self.lookups.row("currency", code) if code else None
        known = row.attributes.get("decimals") if row is not None else None
        before, self.money_decimals = self.money_decimals, own if known is None else int(known)
        return self.money_decimals != before

    def decimals(self, field: Field, read: ReadRaw | None = None) -> int | None:
        """The decimals a figure of this field shows; None as many as it has."""
        if field.field_type is FieldType.COMPUTED or field.field_type is FieldType.MONEY:
            return self.money_decimals
        if field.field_type is FieldType.RATE:
            return self.money_decimals
        return 0 if field.field_type is FieldType.INTEGER else None

    def entry_decimals(self, field: Field, read: ReadRaw | None = None) -> int | None:
        """The most decimals that may be typed; None for no limit but that of the books."""
        if field.validators.decimals is not None:
            return field.validators.decimals
        if field.field_type is FieldType.MONEY:
            return self.money_decimals
        if field.field_type is FieldType.QUANTITY:
            return self._unit_decimals(read)
        return 0 if field.field_type is FieldType.INTEGER else None

    def _unit_decimals(self, read: ReadRaw | None) -> int | None:
        unit = self.lookups.row("uom", str(read("uom") or "")) if read else None
        decimals = unit.attributes.get("decimals") if unit else None
        return int(decimals) if decimals is not None else None

    def owners(self, read: ReadRaw) -> dict[str, str]:
        """The item and the party that stand beside."""
        return {name: str(code) for name in OWNERS if (code := read(name))}

    def offered(self, rows: Iterable[LookupRow], read: ReadRaw) -> list[LookupRow]:
        """The masters that fit what stands beside them: a batch its item, a voucher its party."""
        owners = self.owners(read).items()
        return [row for row in rows if all(
            not (owner := row.attributes.get(name)) or owner == here for name, here in owners)]

    def place_of(self, key: str, read: ReadRaw) -> str:
        """The warehouse that the field of a bin speaks of: where the goods go to, or where they are; empty where none
        is said yet."""
        return str((read("to_warehouse") if key == "to_bin" else read(PLACE) or read("from_warehouse")) or "")
