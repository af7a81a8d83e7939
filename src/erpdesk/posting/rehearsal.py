"""A rehearsal: vouchers planned one after another, each seeing those before it, nothing written or locked.

Stock is read once an item and warehouse, then changes in memory as plans take and put; so do source lines, open items
and orders, stored or of the rehearsal itself. Numbers are not taken: vouchers of the file are named by key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from erpdesk.blueprints.vocabulary import NumberingMethod
from erpdesk.domain.keys import key_of
from erpdesk.domain.results import (
    ConflictError,
    ErpdeskError,
    Fault,
    InvalidRequest,
    Ok,
    Result,
    Step,
    refused,
)
from erpdesk.posting.checks import date_is_within_limits, day_is_open
from erpdesk.posting.content import content_hash, key_reuse
from erpdesk.posting.foresight import told_besides
from erpdesk.posting.origin import first_of_source, source_of
from erpdesk.posting.outcome import PostedVoucher, posted_voucher
from erpdesk.posting.payload import locks
from erpdesk.posting.plan import PostingPlan
from erpdesk.posting.planning import plan_post
from erpdesk.posting.preparation import Blueprints, Prepared, prepare
from erpdesk.posting.references import request_for
from erpdesk.posting.rehearsed import RehearsedVouchers
from erpdesk.posting.rehearsed_stock import RehearsedStock, places_of_receipt, places_of_reversal
from erpdesk.posting.rehearsed_units import RehearsedUnits
from erpdesk.posting.resolved import NewBatch, ResolvedVoucher
from erpdesk.posting.reversal import KIND, ReversalRequest, reversal_of
from erpdesk.posting.stock_request import stock_request, unit_request
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls, PostingPool, posting_calls


class Rehearsal:
    """A running overlay over the books as they are. Not for several threads."""

    def __init__(self, pool: PostingPool, blueprints: Blueprints) -> None:
        self._pool = pool
        self._blueprints = blueprints
        self._keys: dict[str, tuple[str, PostedVoucher]] = {}
        self._stock = RehearsedStock()
        self._vouchers = RehearsedVouchers()
        self._origins: dict[tuple[str, str], dict[str, Any]] = {}
        self._batches: dict[tuple[UUID, str], dict[str, Any]] = {}
        self._units = RehearsedUnits()
        self._undone: list[dict[str, Any]] = []
        self._touched: set[str] = set()

    def rehearse(self, document: Mapping[str, Any]) -> Result[PostedVoucher]:
        """What posting this document would give, status VALID; refusals are those of the real thing."""
        key, content = document.get("idempotency_key"), content_hash(document)
        try:
            if key in self._keys:
                first, result = self._keys[key]
                if first != content:
                    raise key_reuse(key)
                return Ok(replace(result, replayed=True))
            with posting_calls(self._pool) as calls:
                told = self._one(calls, document, key, content)
        except ErpdeskError as error:
            return refused(error)
        if key and isinstance(told, Ok):
            self._keys[key] = (content, told.value)
        return told

    def _one(
        self, calls: PostingCalls, document: Mapping[str, Any], key: str | None, content: str
    ) -> Result[PostedVoucher]:
        if document.get("type") == KIND:
            return self._reverse(calls, document)
        return self._planned(calls, document, key, content)

    def _reverse(self, calls: PostingCalls, document: Mapping[str, Any]) -> Result[PostedVoucher]:
        """A stored voucher's reversal is tried on the books as they are and taken back at once; a voucher of the
        rehearsal is undone in memory. Later vouchers see either."""
        with self._all_or_nothing():
            facts = self._take_back(calls, reversal_of(document))
        facts = {**facts, "status": "VALID", "voucher_number": None}
        replayed = facts.get("replayed", False)
        return Ok(posted_voucher(facts, self._blueprints.organization, "0.0", replayed=replayed))

    def _take_back(self, calls: PostingCalls, request: ReversalRequest, *, or_later: bool = False) -> dict[str, Any]:
        """Undo a voucher on the day asked for, or on its own where that is `or_later`."""
        organization = self._blueprints.organization
        day = request.day or datetime.now(ZoneInfo(organization.time_zone)).date().isoformat()
        undone = self._vouchers.planned(request.of)
        if undone is not None:
            voucher, plan = undone
            if or_later:
                day = max(day, voucher.date.isoformat())
            self._check_undoing(calls, voucher, replace(request, day=day))
            self._stock.take_back_plan(plan, request.of, day)
            self._units.take_back_plan(voucher, request.of, day)
            for place, quantity in self._vouchers.reserved_by(plan):
                self._stock.reserve(place, quantity)
            self._vouchers.reverse(request.of)
            facts = {"total": plan.total, "cost": plan.cost, "reverses": request.of}
            return {"voucher_id": request.id, "row_version": 2, **facts}
        effects = calls.reversal_effects(organization.id, request.of)
        if self._vouchers.is_reversed(str(effects.get("id"))):
            raise ConflictError("VCH-024", f"{request.of[:80]} was already reversed", field="of", step=Step.JOURNAL)
        self._vouchers.refuse_followed(str(effects.get("id")), request.of)
        if or_later and effects.get("id"):
            day = max(day, effects["dated_on"])
        answer = self._tried(calls, replace(request, day=day).payload(), effects)
        if answer["replayed"]:
            return answer
        self._read(calls, self._stock.unread(places_of_reversal(effects)))
        self._stock.take_back_movements(effects, request.of, day)
        self._units.take_back(answer["left"]["units"] or (), request.of)
        for place, quantity in self._vouchers.take_back(effects, answer["left"]["settled"] or ()):
            self._stock.reserve(place, quantity)
        return answer

    def _tried(
        self, calls: PostingCalls, undoing: dict[str, Any], effects: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The reversal of a stored voucher tried on the books: as they are, or as the stored ones reversed before it
        leave them, where those have to do with the same open items or it is refused without them."""
        organization, touched = self._blueprints.organization.id, set(effects.get("touches") or ())
        try:
            before = self._undone if touched & self._touched else []
            answer = calls.rehearse_reverse(organization, undoing, before)
        except InvalidRequest:
            if not self._undone or before:
                raise
            calls.rollback()
            answer = calls.rehearse_reverse(organization, undoing, self._undone)
        if not answer["replayed"]:
            self._undone.append(undoing)
            self._touched |= touched
        return answer

    def _check_undoing(self, calls: PostingCalls, voucher: ResolvedVoucher, request: ReversalRequest) -> None:
        """What the server asks of a reversal, of one whose voucher only the rehearsal knows. Raises InvalidRequest."""
        kind = voucher.blueprint.voucher_type
        faults: list[Fault] = []
        if not request.reason.strip():
            faults.append(Fault("VCH-027", "A reversal needs a reason", "reason"))
        if kind.numbering_method != NumberingMethod.MANUAL and (request.number or "").strip():
            message = f"{kind.label} is numbered by its series; leave the number out"
            faults.append(Fault("VCH-004", message, "voucher_number"))
        day = date.fromisoformat(str(request.day))
        if day < voucher.date:
            message = f"{request.of[:80]} is of {voucher.date}; its reversal can't be dated before"
            faults.append(Fault("VCH-026", message, "date", Step.JOURNAL))
        asked = request_for({"type": kind.code, "date": request.day}, voucher.blueprint, None)
        found = calls.resolve(self._blueprints.organization.id, asked)
        undoing = replace(voucher, date=day)
        faults += [fault for rule in (date_is_within_limits, day_is_open) for fault in rule(undoing, found)]
        if faults:
            raise InvalidRequest(faults)

    def _planned(
        self, calls: PostingCalls, document: Mapping[str, Any], key: str | None, content: str
    ) -> Result[PostedVoucher]:
        prepared = prepare(
            calls, self._blueprints, document, key, new_id(),
            more_batches=self._batches.values(), vouchers_as_seen=self._vouchers.seen,
        )  # fmt: skip
        organization = self._blueprints.organization
        known, draft = prepared.key, prepared.draft
        if known is not None and known["content_hash"] == content:
            return Ok(posted_voucher(known["result"], organization, "0.0", replayed=True))
        if known is not None or (draft is not None and draft["document_hash"] != content):
            raise key_reuse(key)
        first = self._first_of_source(prepared, document)
        if first is not None:
            return first
        voucher, faults = prepared.voucher, prepared.voucher_faults
        if prepared.field_faults or voucher is None:
            raise InvalidRequest(prepared.field_faults + faults)
        if faults:
            raise InvalidRequest(self._with_those_of_the_plan(calls, voucher, faults))
        plan = self._plan(calls, voucher, document)
        self._enter(key, voucher, plan)
        facts = {
            "voucher_id": voucher.id,
            "status": "VALID",
            "voucher_number": None,
            "total": plan.total,
            "currency_decimals": voucher.decimals,
            "cost": plan.cost,
            "row_version": 1,
        }
        source, result = source_of(document), posted_voucher(facts, organization, "0.0", replayed=False)
        if source is not None:
            origin = {"id": str(voucher.id), "status": "POSTED", "voucher_number": key, "document": document}
            self._origins[source] = {**origin, "result": result}
        return Ok(result, prepared.warnings)

    def _first_of_source(self, prepared: Prepared, document: Mapping[str, Any]) -> Ok[PostedVoucher] | None:
        """What the document of another system came to before, in the rehearsal or stored; VCH-015 for another."""
        own = UUID(prepared.draft["id"]) if prepared.draft else None
        for origin in (self._origins.get(source_of(document) or ("", "")), prepared.origin):
            if origin is None or self._vouchers.is_reversed(str(origin["id"])):
                continue
            facts = first_of_source(origin, document, own, prepared.replaced)
            if facts is not None and "result" in facts:
                return Ok(replace(facts["result"], replayed=True))
            if facts is not None:
                return Ok(posted_voucher(facts, self._blueprints.organization, "0.0", replayed=True))
        return None

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """What is refused on the way leaves the rehearsal as it was."""
        before = deepcopy(self._stock), self._vouchers.copied(), self._units.copied()
        undone = list(self._undone), set(self._touched)
        try:
            yield
        except ErpdeskError:
            self._stock, self._vouchers, self._units = before
            self._undone, self._touched = undone
            raise

    def _plan(
        self, calls: PostingCalls, voucher: ResolvedVoucher, document: Mapping[str, Any]
    ) -> PostingPlan:
        """The plan, after what the voucher replaces was taken back."""
        if voucher.replaces is None:
            return self._plan_alone(calls, voucher)
        reason = str(document.get("reason") or "Replaced by a corrected voucher")
        undo = ReversalRequest(str(document["replaces"]), voucher.date.isoformat(), reason)
        with self._all_or_nothing():
            self._take_back(calls, undo, or_later=True)
            return self._plan_alone(calls, voucher)

    def _with_those_of_the_plan(
        self, calls: PostingCalls, voucher: ResolvedVoucher, faults: tuple[Fault, ...]
    ) -> tuple[Fault, ...]:
        if voucher.replaces is not None:
            return faults
        try:
            self._plan_alone(calls, voucher)
        except InvalidRequest as refusal:
            return told_besides(faults, refusal.faults)
        return faults

    def _plan_alone(self, calls: PostingCalls, voucher: ResolvedVoucher) -> PostingPlan:
        plan = plan_post(voucher, self._state(calls, voucher), self._named(calls, voucher))
        if plan.faults:
            raise InvalidRequest(plan.faults)
        return plan

    def _state(self, calls: PostingCalls, voucher: ResolvedVoucher) -> Mapping[str, Any]:
        """Stock as it would be, layers as the voucher's date may use them."""
        kind = voucher.blueprint.voucher_type
        wanted = stock_request(voucher) if kind.affects_inventory or kind.reserves_stock else []
        self._read(calls, self._stock.missing(wanted))
        return self._stock.state(wanted, voucher.date.isoformat())

    def _read(self, calls: PostingCalls, missing: list[dict[str, Any]]) -> None:
        if missing:
            self._stock.read(calls.rehearsal_stock(self._blueprints.organization.id, missing), missing)

    def _named(self, calls: PostingCalls, voucher: ResolvedVoucher) -> dict[str, Any]:
        """What stands in the vouchers named, and what is left of it, as it would be."""
        wanted = {kind: rows for kind, rows in locks(voucher).items() if kind not in ("stock", "serials")}
        state = calls.state(self._blueprints.organization.id, wanted, voucher.date) if wanted else {}
        named = self._vouchers.over(state, wanted)
        receipts = [str(one) for one in wanted.get("receipts") or ()]
        stored = state.get("receipts") or ()
        self._read(calls, self._stock.unread(where for row in stored for where in places_of_receipt(row)))
        named["receipts"] = self._stock.receipts(stored, self._vouchers.received(receipts))
        counted = state.get("counted") or ()
        counted = self._stock.counted(counted, wanted.get("counted") or (), voucher.date)
        units = unit_request(voucher)
        if units:
            there = calls.state(self._blueprints.organization.id, {"serials": units}, voucher.date)["serials"]
            named["serials"] = self._units.over(there, units, self._stock.layer_values(units))
        named["counted"] = self._units.told(counted)
        return named

    def _enter(self, key: str | None, voucher: ResolvedVoucher, plan: PostingPlan) -> None:
        """Let later vouchers see what this one would do."""
        self._batches.update(
            {(batch.item_id, batch.code_key): _batch(voucher, batch) for batch in voucher.new_batches}
        )
        self._units.enter(voucher, plan)
        self._stock.enter(voucher, plan, self._expiry)
        for place, quantity in self._vouchers.reserved_by(plan):
            self._stock.reserve(place, -quantity)
        self._vouchers.enter(key, voucher, plan)

    def _expiry(self, batch: UUID | None) -> str | None:
        """When a batch expires, as far as the rehearsal brought it into being."""
        made = (row["expires_on"] for row in self._batches.values() if row["id"] == str(batch))
        return next(made, None)


def _batch(voucher: ResolvedVoucher, batch: NewBatch) -> dict[str, Any]:
    item = next(
        line.item for line in voucher.lines if line.item is not None and line.item.id == batch.item_id
    )
    return {
        "id": str(batch.id),
        "key": batch.code_key,
        "item": key_of(item.code),
        "code": batch.code,
        "expires_on": batch.expires_on.isoformat() if batch.expires_on else None,
        "manufactured_on": batch.manufactured_on.isoformat() if batch.manufactured_on else None,
        "is_active": True,
    }
