"""What the parts of reading a document share: its reader, as they see it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.numbering import NumberContext
from erpdesk.domain.results import Fault, Step
from erpdesk.posting.masters import Account, Masters, Warehouse
from erpdesk.posting.resolved import NewBatch, Organization
from erpdesk.posting.sources import Source


class DocumentReader(Protocol):
    """A reading under way; see `reading.Reader`."""

    @property
    def document(self) -> Mapping[str, Any]:
        """The document being read."""

    @property
    def tokens(self) -> NumberContext | None:
        """What tokens of templates stand for."""

    @property
    def blueprint(self) -> Blueprint:
        """Its voucher type."""

    @property
    def masters(self) -> Masters:
        """The masters it names."""

    @property
    def organization(self) -> Organization:
        """The books it is for."""

    @property
    def sources(self) -> Mapping[str, Source]:
        """The vouchers it names, by reference."""

    @property
    def new_batches(self) -> dict[tuple[uuid.UUID, str], NewBatch]:
        """Batches it brings into being."""

    @property
    def named_units(self) -> set[tuple[str, uuid.UUID | None, str]]:
        """Serial, engine and chassis numbers that stand in it."""

    @property
    def came_back(self) -> dict[tuple[uuid.UUID, int, uuid.UUID], Decimal]:
        """How much it brings back of a line followed (voucher, line number), by batch."""

    @property
    def faults(self) -> list[Fault]:
        """What is wrong with it so far."""

    @property
    def warnings(self) -> list[Fault]:
        """What is worth saying, but stops nothing."""

    def fault(self, code: str, message: str, place: str, step: Step = Step.SAVED) -> None:
        """Remember one more fault."""

    def account(self, row: Mapping[str, Any], path: str, name: str = "account") -> Account | None:
        """The account that a row names."""

    def warehouse(self, row: Mapping[str, Any], path: str, name: str) -> Warehouse | None:
        """The warehouse that a row names."""
