"""Vouchers for the doors: their types and forms, totals while typing, save, post, show.

Documents are those of the command line's contract; results are values, never exceptions, for what a user can
cause. Every call takes its own connection, so that any worker may make it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import MAIN_SERIES
from erpdesk.domain.results import ErpdeskError, Fault, InvalidRequest, Result, refused
from erpdesk.services.voucher_view import VoucherView

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.blueprints.schema import UiSchema
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.posting.correction import Correction
    from erpdesk.posting.engine import PostingEngine
    from erpdesk.posting.outcome import PostedVoucher
    from erpdesk.posting.preview import Preview
    from erpdesk.posting.recalculation import ItemFacts, VoucherTotals
    from erpdesk.posting.rehearsal import Rehearsal
    from erpdesk.storage.server import Server


@dataclass(frozen=True, slots=True)
class VoucherTypeInfo:
    """A voucher type as the gateway lists it; `key` is the function key that opens it, if any. Who `may_hand_in`
    may post it, or have others decide on it."""

    code: str
    label: str
    category: str
    key: str
    is_active: bool
    version: int
    affects_inventory: bool
    may_enter: bool = True
    may_hand_in: bool = True


@dataclass(frozen=True, slots=True)
class NextNumber:
    """A series of a voucher type and what it would print next in a branch."""

    series: str
    label: str
    branch: str
    next_number: str


class VoucherService:
    """The vouchers of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization
        self._items: Mapping[str, ItemFacts] = {}

    @cached_property
    def _pool(self) -> Any:
        return self._server.posting_pool()

    @property
    def organization(self) -> OrganizationInfo:
        """Whose vouchers these are."""
        return self._organization

    @property
    def engine(self) -> PostingEngine:
        """The posting engine of this desk; who is waited for in it is told by the organization's clock."""
        from erpdesk.storage.lock_watch import tell_by_clock_of

        tell_by_clock_of(self._organization.time_zone)
        return self._engine

    @cached_property
    def _engine(self) -> PostingEngine:
        from erpdesk.posting.engine import PostingEngine

        return PostingEngine(self._pool, self._organization)

    def types(self) -> tuple[VoucherTypeInfo, ...]:
        """All voucher types, in the order of the gateway; a form read before in an older version is read anew when
        next asked for."""
        from erpdesk.storage.voucher_reading import read_types

        columns = ("code", "label", "category", "shortcut", "is_active", "version", "affects_inventory", "may_enter",
                   "may_hand_in")
        found = tuple(
            VoucherTypeInfo(*(row[name] for name in columns))
            for row in read_types(self._pool, self._organization.id)
        )
        self.engine.blueprints().forget_older({one.code: one.version for one in found})
        return found

    def schema(self, type_code: str, version: int | None = None, branch: str = "") -> UiSchema:
        """The form of a type, as it is or as it was in a version, for this user and a branch (none: the first), the
        cursor's path as site, role and user want it. Raises ErpdeskError VCH-017 for an unknown type."""
        from erpdesk.blueprints.path_overrides import laid_over
        from erpdesk.storage.path_overrides import form_facts

        organization = self._organization
        facts = form_facts(self._pool, organization.id, type_code, organization.role)
        blueprints = self.engine.blueprints()
        known = blueprints.known(type_code)
        if known is not None and known.version != facts.version:
            blueprints.forget(type_code)
        form = blueprints.schema(self._blueprint(type_code, version), user=facts.user, branch=branch or facts.branch)
        return laid_over(form, facts.overrides)

    def new_document(self, type_code: str) -> dict[str, Any]:
        """A blank document: the type, the server's date, and the warehouse that is taken where none is named."""
        from erpdesk.blueprints.defaults import Default, DefaultKind
        from erpdesk.storage.voucher_reading import read_blank

        day, warehouse = read_blank(self._pool, self._organization.id)
        document = {"type": type_code, "date": day}
        field = self.engine.blueprints().schema(self._blueprint(type_code)).header_field("warehouse")
        if warehouse and field is not None and field.default == Default(DefaultKind.CONTEXT, "warehouse"):
            document["warehouse"] = warehouse
        return document

    def next_number(self, type_code: str, document: Mapping[str, Any]) -> str:
        """The number that the voucher would get now, of the series and branch it names; only posting takes it.
        Empty where it is typed by hand, or when there is no such series."""
        from erpdesk.domain.keys import key_of

        wanted = key_of(str(document.get("series") or MAIN_SERIES))
        try:
            found = self.next_numbers(type_code, str(document["date"]), document.get("branch"))
        except InvalidRequest:
            return ""
        return next((one.next_number for one in found if key_of(one.series) == wanted), "")

    def next_numbers(self, type_code: str, date: str, branch: str | None = None) -> tuple[NextNumber, ...]:
        """Each series of a type with the number it would give on a day in a branch (None: the first); nothing is
        taken. None where numbers are typed. Raises InvalidRequest VCH-004, VCH-017, VCH-018, PRD-001."""
        from datetime import date as day

        from erpdesk.domain.keys import key_of
        from erpdesk.storage.posting_calls import posting_calls

        key = key_of(branch) if branch else None
        try:
            day.fromisoformat(date)
        except ValueError:
            raise InvalidRequest((Fault("VCH-004", f"{date[:40]} is no date", "date"),)) from None
        with posting_calls(self._pool) as calls:
            return tuple(
                NextNumber(*row) for row in calls.next_numbers(self._organization.id, type_code, key, date)
            )

    def recalculate(self, document: Mapping[str, Any], version: int | None = None) -> VoucherTotals:
        """Totals of a document being typed on a version of its type; local and quick once that form was opened."""
        return self.totals_of(document, self._blueprint(str(document["type"]), version))

    def totals_of(self, document: Mapping[str, Any], blueprint: Blueprint) -> VoucherTotals:
        """Totals of a document under a blueprint, stored or not; local and quick."""
        from erpdesk.posting.recalculation import recalculate

        return recalculate(document, blueprint, self._decimals_of(document), self._items)

    def _decimals_of(self, document: Mapping[str, Any]) -> int:
        """Those of the document's currency; the currencies are read once, when one is first named."""
        code = str(document.get("currency") or "").strip().upper()
        if code in ("", self._organization.base_currency.upper()):
            return self._organization.currency_decimals
        try:
            return self._currencies.get(code, self._organization.currency_decimals)
        except ErpdeskError:  # no connection just now: totals are shown all the same
            return self._organization.currency_decimals

    @cached_property
    def _currencies(self) -> Mapping[str, int]:
        from erpdesk.storage.voucher_reading import read_currency_decimals

        return read_currency_decimals(self._pool, self._organization.id)

    def know_items(self, items: Mapping[str, ItemFacts]) -> None:
        """Tax classes and unit factors for `recalculate`, by item key."""
        self._items = items

    def validate(self, document: Mapping[str, Any], version: int | None = None) -> tuple[Fault, ...]:
        """Everything that would stop a post now, but for stock: fields, masters, rules of the whole voucher."""
        from erpdesk.posting.preparation import prepare
        from erpdesk.storage.keys import new_id
        from erpdesk.storage.posting_calls import posting_calls

        try:
            with posting_calls(self._pool) as calls:
                prepared = prepare(calls, self.engine.blueprints(), document, None, new_id(), version=version)
        except InvalidRequest as error:
            return error.faults
        return prepared.field_faults + prepared.voucher_faults

    def preview(self, document: Mapping[str, Any] | str, version: int | None = None) -> Preview:
        """What posting a document, or the stored draft that a reference names, would do now: nothing is
        written or locked. Raises ErpdeskError for an unknown type or voucher, ConflictError VCH-001 for one
        that is posted."""
        from erpdesk.posting.preview import preview
        from erpdesk.storage.posting_calls import posting_calls

        if isinstance(document, str):
            view = self.show(document)
            if view.facts["status"] in {"POSTED", "REVERSED"}:
                raise _already_posted(view.facts)
            document, version = view.document, view.facts["blueprint_version"]
        with posting_calls(self._pool) as calls:
            return preview(calls, self.engine.blueprints(), document, version)

    def save(
        self, document: Mapping[str, Any], *, voucher_id: str | None = None, row_version: int | None = None,
        version: int | None = None,
    ) -> Result[PostedVoucher]:
        """Save a draft, new or known by id and row version, typed on a `version` of its type (None: the current)."""
        return self._run(document, voucher_id, row_version, post=False, version=version)

    def post(
        self,
        document: Mapping[str, Any] | str,
        *,
        voucher_id: str | None = None,
        row_version: int | None = None,
        idempotency_key: str | None = None,
        version: int | None = None,
    ) -> Result[PostedVoucher]:
        """Save and post a document typed on a `version` of its type (None: the current), or post the stored draft that
        a reference names, by its own version; in one transaction."""
        if isinstance(document, str):
            return self._post_stored(document)
        return self._run(document, voucher_id, row_version, post=True, key=idempotency_key, version=version)

    def post_invoice(self, document: Mapping[str, Any]) -> Result[PostedVoucher]:
        """Post what another system calls an invoice: a voucher document with `source_type` and `source_id`.

        One source is one voucher: sent again it is replayed, under whichever key; with another content it is a
        conflict (VCH-015). A reversal opens the source again: what is sent then is posted anew.
        """
        missing = [key for key in ("source_type", "source_id") if not str(document.get(key) or "").strip()]
        if missing:
            return refused(InvalidRequest(tuple(Fault("VCH-004", f"{key} must be given", key) for key in missing)))
        return self._run(document, None, None, post=True)

    def reverse(
        self,
        reference: str,
        date: str | None,
        reason: str,
        key: str | None = None,
        *,
        number: str | None = None,
        series: str | None = None,
    ) -> Result[PostedVoucher]:
        """Undo a posted voucher (id, number or `key:…`) by one of its own, dated on a day not before it (None:
        the server's today), at the original costs. The same key gives the first result again. `number` is the
        reversal's own where numbers are typed, `series` that of its number where they are not."""
        document = {"type": "REVERSAL", "of": reference, "date": date, "reason": reason, "idempotency_key": key}
        return self._reverse(document | {"voucher_number": number, "series": series})

    def correct(self, reference: str, date: str | None, reason: str) -> Result[Correction]:
        """Reverse a posted voucher and keep a copy of it as a new draft, both or neither. Both are dated on the
        day given (None: the voucher's own), so that what the copy needs is there again; it has no number yet."""
        from erpdesk.posting.reversal import reversal_of

        try:
            document = self.show(reference).document
            day = date or document["date"]
            wanted = reversal_of({"type": "REVERSAL", "of": reference, "date": day, "reason": reason})
            return self.engine.correct(wanted, {**document, "date": day})
        except ErpdeskError as error:
            return refused(error)

    def import_one(self, document: Mapping[str, Any], *, post: bool = False) -> Result[PostedVoucher]:
        """One voucher of a file: saved; posted when asked or when its type posts by itself. A document of the
        kind REVERSAL reverses."""
        if document.get("type") == "REVERSAL":
            return self._reverse(document, post=post)
        return self._run(document, None, None, post=post)

    def refresh_statistics(self) -> None:
        """After many vouchers at once: let the server's plans follow. Never raises; it only makes things quicker."""
        from erpdesk.storage.statistics import refresh_statistics

        refresh_statistics(self._server)

    def rehearsal(self) -> Rehearsal:
        """An import that plans everything and writes nothing."""
        from erpdesk.posting.rehearsal import Rehearsal

        return Rehearsal(self._pool, self.engine.blueprints())

    def show(self, reference: str) -> VoucherView:
        """A voucher by id, number or `key:…`. Raises InvalidRequest VCH-005 when there is none."""
        from erpdesk.storage.voucher_reading import read_voucher

        found = read_voucher(self._pool, self._organization.id, reference)
        if found is None:
            message = f"There is no voucher {reference[:80]} that you may see"
            raise InvalidRequest((Fault("VCH-005", message, "voucher"),))
        return VoucherView(found, self._organization.currency_decimals)

    def _reverse(self, document: Mapping[str, Any], *, post: bool = True) -> Result[PostedVoucher]:
        from erpdesk.posting.reversal import reversal_of

        try:
            if not post:
                message = "A reversal is posted or not made at all: it can't be saved as a draft"
                raise InvalidRequest((Fault("VCH-028", message, "type"),))
            return self.engine.reverse(reversal_of(document))
        except ErpdeskError as error:
            return refused(error)

    def _post_stored(self, reference: str) -> Result[PostedVoucher]:
        try:
            facts = self.show(reference).facts
        except InvalidRequest as error:
            return refused(error)
        if facts["status"] in {"POSTED", "REVERSED"}:
            return refused(_already_posted(facts))
        return self._run(facts["document"], facts["voucher_id"], facts["row_version"], post=True,
                         key=facts["idempotency_key"], version=facts["blueprint_version"])

    def _run(
        self,
        document: Mapping[str, Any],
        voucher_id: str | None,
        row_version: int | None,
        *,
        post: bool,
        key: str | None = None,
        version: int | None = None,
    ) -> Result[PostedVoucher]:
        from erpdesk.posting.context import PostingContext
        from erpdesk.posting.engine import PostRequest

        try:
            wanted = post or self._posts_by_itself(document)
            return self.engine.run(
                PostRequest(
                    document=document,
                    key=key or document.get("idempotency_key") or None,
                    voucher_id=UUID(voucher_id) if voucher_id else None,
                    row_version=row_version,
                    post=wanted,
                    context=PostingContext.of(document),
                    version=version,
                )
            )
        except ErpdeskError as error:
            return refused(error)

    def _posts_by_itself(self, document: Mapping[str, Any]) -> bool:
        return self._blueprint(str(document.get("type"))).voucher_type.auto_post

    def _blueprint(self, type_code: str, version: int | None = None) -> Blueprint:
        from erpdesk.storage.posting_calls import posting_calls

        known = self.engine.blueprints().known(type_code, version)
        if known is not None:
            return known
        with posting_calls(self._pool) as calls:
            return self.engine.blueprints().of(calls, type_code, version)


def _already_posted(facts: Mapping[str, Any]) -> ErpdeskError:
    from erpdesk.domain.results import ConflictError, Step

    return ConflictError(
        "VCH-001",
        f"Voucher {facts['voucher_number']} was already posted by {facts['posted_by']} at {facts['posted_at']}",
        step=Step.JOURNAL,
        details={key: facts[key] for key in ("voucher_number", "posted_by", "posted_at")},
    )
