"""The UI schema: all that a form is, resolved for one context; window and validation read nothing else.

Immutable, JSON and back without loss; `hash` is the same for the same content. A grid's key is the key of the
array in the voucher document that its rows make up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.canonical import digest
from erpdesk.blueprints.codec import Unreadable, decode, encode
from erpdesk.blueprints.faults import FaultList
from erpdesk.blueprints.fields import Field, Section
from erpdesk.blueprints.rows import ChargeSetup
from erpdesk.blueprints.vocabulary import Category, GridKind, NumberingMethod
from erpdesk.domain.results import InvalidRequest


@dataclass(frozen=True, slots=True)
class Goods:
    """What rows that move goods ask for. `brings_in`: batches and units may be new and must be named;
    `batch_policy`: the order of taking where the item has none; `skips_expired`: expired batches stay."""

    brings_in: bool = False
    batch_policy: str = ""
    skips_expired: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """One array of the document as a grid. `mirror_of` names the grid (by object name) whose rows it repeats,
    read-only. `shorthand`: a bare text in place of a row stands for that field. `goods`: null moves none."""

    key: str
    label: str
    object_name: str
    fields: tuple[Field, ...]
    mirror_of: str = ""
    shorthand: str = ""
    goods: Goods | None = None

    @property
    def columns(self) -> tuple[Field, ...]:
        """The fields that stand in the row itself, visible ones, in order."""
        return tuple(f for f in self.fields if f.ui.section is Section.MAIN and f.may_be_seen)

    @property
    def details(self) -> tuple[Field, ...]:
        """The fields of the row's sub-screen, visible ones, in order."""
        return tuple(f for f in self.fields if f.ui.section is not Section.MAIN and f.may_be_seen)

    def field(self, key: str) -> Field | None:
        """The field of that key."""
        return next((f for f in self.fields if f.key == key), None)


@dataclass(frozen=True, slots=True)
class UiSchema:
    """What one voucher type's form shows and accepts, for one organization, branch, role and user."""

    voucher_type: str
    label: str
    version: int
    category: Category
    grid_kind: GridKind
    header: tuple[Field, ...]
    grids: tuple[Grid, ...]
    charges: tuple[ChargeSetup, ...] = ()
    narration_templates: tuple[str, ...] = ()
    help: str = ""
    shortcut: str = ""
    numbering_method: NumberingMethod = NumberingMethod.AUTO
    auto_post: bool = False
    print_after_post: bool = False
    money_decimals: int = 2
    round_to: Decimal | None = None
    hash: str = dataclasses.field(init=False, default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "hash", digest(encode(self)))

    def __hash__(self) -> int:
        return hash(self.hash)

    def section(self, section: Section) -> tuple[Field, ...]:
        """The visible header fields of one section, in order."""
        return tuple(f for f in self.header if f.ui.section is section and f.may_be_seen)

    def header_field(self, key: str) -> Field | None:
        """The header field of that key."""
        return next((f for f in self.header if f.key == key), None)

    def grid(self, key: str) -> Grid | None:
        """The grid that makes up the document's array of that key; never a mirror."""
        return next((g for g in self.grids if g.key == key and not g.mirror_of), None)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        plain: dict[str, Any] = encode(self)
        return plain

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> UiSchema:
        """The schema that `to_json` wrote; InvalidRequest with all faults otherwise."""
        faults = FaultList()
        try:
            schema: UiSchema = decode(cls, value, "", faults)
        except Unreadable:
            raise InvalidRequest(faults.found) from None
        faults.raise_if_any()
        return schema
