"""A field: one thing that a form shows and a document holds, with its type, rules, look and key path.

The key of a field is its key in the voucher document; `path` says where there (`document.vehicle_no`,
`udf.colour`). Values are decimals in voucher currency or the line's unit, dates, texts, codes of masters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from erpdesk.blueprints.conditions import Condition
from erpdesk.blueprints.defaults import Default


class FieldType(StrEnum):
    """The controlled vocabulary; each has exactly one editor and one reading of what is typed."""

    TEXT = "text"
    TEXTAREA = "textarea"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    QUANTITY = "quantity"
    RATE = "rate"
    PERCENT = "percent"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    BOOLEAN = "boolean"
    SELECT = "select"
    LOOKUP = "lookup"
    TYPEAHEAD = "typeahead"
    LABEL = "label"
    COMPUTED = "computed"


class LookupKind(StrEnum):
    """The masters that a lookup offers."""

    ACCOUNT = "account"
    PARTY = "party"
    ITEM = "item"
    WAREHOUSE = "warehouse"
    BIN = "bin"
    BATCH = "batch"
    SERIAL = "serial"
    UOM = "uom"
    COST_CENTRE = "cost_centre"
    BRANCH = "branch"
    CURRENCY = "currency"
    VOUCHER = "voucher"
    PRICE_LIST = "price_list"
    CHARGE = "charge"


class Align(StrEnum):
    """How a value stands in its cell."""

    LEFT = "left"
    RIGHT = "right"
    CENTER = "center"


class Section(StrEnum):
    """Where a field is shown: in the form or the grid's row; folded away; or with the narration."""

    MAIN = "main"
    DETAILS = "details"
    NARRATION = "narration"


class Place(StrEnum):
    """The object of the document that holds the value."""

    TOP = ""
    DOCUMENT = "document"
    UDF = "udf"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a select: what is stored and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a lookup or typeahead offers; `filter` lists kinds preferred, which a typed name overrides."""

    kind: LookupKind
    filter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DateRange:
    """Inclusive limits of a date: fixed, or in days around the server's today."""

    earliest: date | None = None
    latest: date | None = None
    back_days: int | None = None
    forward_days: int | None = None


@dataclass(frozen=True, slots=True)
class Validators:
    """What a value must satisfy; null asks nothing. `decimals` null means as the unit or currency says; `regex_message`
    is said of a text that the pattern refuses, behind the field's name."""

    regex: str | None = None
    regex_message: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    decimals: int | None = None
    step: Decimal | None = None
    unique: bool | None = None
    date_range: DateRange | None = None


@dataclass(frozen=True, slots=True)
class FieldUi:
    """How a field looks; `width` in characters."""

    width: int = 12
    align: Align = Align.LEFT
    readonly: bool = False
    hidden: bool = False
    placeholder: str = ""
    help: str = ""
    tab_stop: bool = True
    section: Section = Section.MAIN


@dataclass(frozen=True, slots=True)
class OnlyFor:
    """The master in another field of the row has one of these values: `account`, `kind`, `("receivable",)`.

    A flag's values are `true` and `false`. While the other field is empty it holds for none.
    """

    field: str
    attribute: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyPath:
    """How the cursor passes: order within form or row, and what the field does on the way.

    With `skip_when_certain` it passes by a default, and by an optional field that has none. With `only_for` it
    stops only in rows whose master asks for the field. With `open_on_focus` a list opens when the cursor comes, else
    with the first letter; with `repeat_from_above` a new row begins with what the row above has there.
    """

    tab_order: int = 0
    skip_when_certain: bool = False
    open_on_focus: bool = True
    repeat_from_above: bool = False
    only_for: OnlyFor | None = None


@dataclass(frozen=True, slots=True)
class WhenRule:
    """While `condition` holds, what is not null replaces the field's own; later rules lie over earlier."""

    condition: Condition
    visible: bool | None = None
    readonly: bool | None = None
    required: bool | None = None
    default: Default | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the header or of a grid's row.

    `engine` fields can't be removed or retyped. `formula` names how a computed field is computed (empty: the
    server knows). With `many` the value is a list. `rules` hold under conditions.
    """

    key: str
    label: str
    field_type: FieldType
    required: bool = False
    default: Default | None = None
    validators: Validators = Validators()
    ui: FieldUi = FieldUi()
    order: int = 0
    options: tuple[Option, ...] = ()
    lookup: Lookup | None = None
    key_path: KeyPath = KeyPath()
    place: Place = Place.TOP
    formula: str = ""
    engine: bool = False
    many: bool = False
    rules: tuple[WhenRule, ...] = ()

    @property
    def may_be_seen(self) -> bool:
        """Whether the field is shown, always or under a condition."""
        return not self.ui.hidden or any(rule.visible for rule in self.rules)

    @property
    def path(self) -> str:
        """Where the value stands in its document object: `party`, `document.vehicle_no`, `udf.colour`."""
        return f"document.{self.key}" if self.place is Place.DOCUMENT else self.key


@dataclass(frozen=True, slots=True)
class FieldState:
    """What a field is at this moment, its conditional rules applied."""

    visible: bool
    readonly: bool
    required: bool
    default: Default | None
