"""Everything before the first lock: blueprint, masters, field checks, business rules. One round trip.

The blueprint is kept by version; the server says with each request which version is current.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.charges import effective_charges
from erpdesk.blueprints.context import Context
from erpdesk.blueprints.numbering import NumberContext
from erpdesk.blueprints.resolve import resolve_ui_schema
from erpdesk.blueprints.schema import UiSchema
from erpdesk.blueprints.validate import validate_document
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.domain.results import Fault, InvalidRequest
from erpdesk.posting.checks import check_day, check_voucher
from erpdesk.posting.content import content_hash
from erpdesk.posting.masters import Masters
from erpdesk.posting.origin import sent_again
from erpdesk.posting.reading import Reader
from erpdesk.posting.references import request_for
from erpdesk.posting.resolved import Organization, ResolvedVoucher
from erpdesk.posting.sources import read_sources
from erpdesk.storage.posting_calls import PostingCalls

OLDER_KEPT = 64
ALWAYS_TODAYS = ("is_active", "auto_post", "requires_approval", "allow_direct_post")
"""What an older version doesn't decide; the database says the same in `config_typed`."""


class Blueprints:
    """The current blueprints of one organization with their schemas, by type code."""

    def __init__(self, organization: OrganizationInfo) -> None:
        self.organization = organization
        self._found: dict[str, Blueprint] = {}
        self._older: dict[tuple[str, int], Blueprint] = {}
        self._lock = Lock()

    def get(self, calls: PostingCalls, type_code: str, version: int | None = None) -> Blueprint:
        """The blueprint of a type, of that version if given; InvalidRequest VCH-017 for an unknown type."""
        with self._lock:
            known = self._found.get(type_code)
        if known is not None and version in (None, known.version):
            return known
        blueprint = self._read(calls, type_code, version)
        self.forget(type_code)
        with self._lock:
            self._found[type_code] = blueprint
        return blueprint

    def of(self, calls: PostingCalls, type_code: str, version: int | None) -> Blueprint:
        """The blueprint as it is here, or as it was in a version; that one becomes nothing's current one."""
        known = self.known(type_code, version)
        if known is None and version is not None:
            known = self._read(calls, type_code, version)
            with self._lock:
                self._keep(known)
        return known or self.get(calls, type_code)

    def _read(self, calls: PostingCalls, type_code: str, version: int | None) -> Blueprint:
        stored = calls.blueprint(self.organization.id, type_code, version)
        if stored is None and version is not None and self._read(calls, type_code, None):
            raise InvalidRequest((Fault("CFG-030", f"{type_code} has no version {version}", "type"),))
        if stored is None:
            raise InvalidRequest((Fault("VCH-017", f"There is no voucher type {type_code[:60]}", "type"),))
        blueprint = Blueprint.of_stored(stored["document"])
        return replace(blueprint, version=stored["version"], charges=effective_charges(blueprint))

    def asks(self, request: dict[str, Any], blueprint: Blueprint) -> dict[str, Any]:
        """What is asked of the server about a voucher of the blueprint."""
        return request

    def known(self, type_code: str, version: int | None = None) -> Blueprint | None:
        """The blueprint as last read, or that version of it, if it was."""
        with self._lock:
            current = self._found.get(type_code)
            if version is None or (current is not None and current.version == version):
                return current
            return self._older.get((type_code, version))

    def forget(self, type_code: str) -> None:
        """The type was changed: read it again when next asked for. Tabs that are typed at follow the one before."""
        with self._lock:
            before = self._found.pop(type_code, None)
            if before is not None:
                self._keep(before)

    def _keep(self, older: Blueprint) -> None:
        while len(self._older) >= OLDER_KEPT:
            del self._older[next(iter(self._older))]
        self._older[older.code, older.version] = older

    def forget_older(self, versions: Mapping[str, int]) -> None:
        """Read again, when next asked for, what is known in another version than the current one."""
        with self._lock:
            outdated = [code for code, known in self._found.items()
                        if versions.get(code, known.version) != known.version]
        for code in outdated:
            self.forget(code)

    def type_as_seen(self, found: Mapping[str, Any] | None, blueprint: Blueprint) -> Mapping[str, Any]:
        """What the server says of the type that a voucher is of."""
        assert found is not None, f"{blueprint.code} was read and is gone"
        return found

    def schema(
        self, blueprint: Blueprint, money_decimals: int | None = None, *, user: str = "", branch: str = ""
    ) -> UiSchema:
        """The form of a blueprint for this organization, a user, the role there and a branch; `money_decimals` are
        those of a voucher in another currency than the books'."""
        organization = self.organization
        return resolve_ui_schema(
            blueprint,
            Context(
                organization=organization.code,
                branch=branch,
                role=organization.role,
                user=user,
                currency=organization.base_currency,
                country=organization.country,
                money_decimals=organization.currency_decimals if money_decimals is None else money_decimals,
            ),
        )


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document as far as it got without locks. `field_faults` block saving, `voucher_faults` only posting. One that
    `keeps_version` follows the version that it was typed on, whatever is current."""

    found: Mapping[str, Any]
    voucher: ResolvedVoucher | None
    field_faults: tuple[Fault, ...]
    voucher_faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()
    keeps_version: bool = False

    @property
    def key(self) -> Mapping[str, Any] | None:
        """What is known of the idempotency key, if it has posted."""
        return self.found.get("key")

    @property
    def draft(self) -> Mapping[str, Any] | None:
        """The draft that carries the key, or stands for the same document of another system."""
        return self.found.get("draft")

    def kept(self, document: Mapping[str, Any], document_hash: str) -> tuple[Mapping[str, Any], str]:
        """The document as it is stored, with its hash: as it came first, where it came before under another key."""
        draft = self.draft or {}
        return (draft["document"], draft["kept"]) if "kept" in draft else (document, document_hash)

    @property
    def replaced(self) -> UUID | None:
        """The voucher that this one replaces."""
        return self.voucher.replaces.id if self.voucher is not None and self.voucher.replaces is not None else None

    @property
    def origin(self) -> Mapping[str, Any] | None:
        """The voucher that stands for the document of another system that this one names."""
        return self.found.get("origin")


def prepare(
    calls: PostingCalls,
    blueprints: Blueprints,
    document: Mapping[str, Any],
    key: str | None,
    voucher_id: UUID,
    *,
    version: int | None = None,
    more_batches: Iterable[Mapping[str, Any]] = (),
    vouchers_as_seen: Callable[[Iterable[Mapping[str, Any]]], list[Mapping[str, Any]]] | None = None,
) -> Prepared:
    """Resolve and check a document; InvalidRequest only for an unknown type.

    It is held to the `version` of its type that it was typed on; else, sent again by its key as it was saved, to its
    draft's; else to the current one.
    `more_batches` are rows of batches that don't exist yet but would (a rehearsal's), `vouchers_as_seen` turns the
    vouchers named as they are stored into what they would be.
    """
    type_code = document.get("type")
    if not isinstance(type_code, str) or not type_code:
        raise InvalidRequest((Fault("VCH-017", "The voucher names no type", "type"),))
    blueprint = blueprints.of(calls, type_code, version)

    def ask() -> dict[str, Any]:
        request = blueprints.asks(request_for(_readable(document), blueprint, key), blueprint)
        asked = calls.resolve(blueprints.organization.id, request)
        return {**asked, **_its_draft(asked, document), "type": blueprints.type_as_seen(asked["type"], blueprint)}

    found = ask()
    if version is None and found["type"]["version"] != blueprint.version:
        blueprint = blueprints.get(calls, type_code, found["type"]["version"])
    if version is None:
        version = _version_of_draft(found, document)
        if version not in (None, blueprint.version):
            blueprint = blueprints.of(calls, type_code, version)
            found = ask()
    if blueprint.version != found["type"]["version"]:
        blueprint = _with_todays_rights(blueprint, blueprints.get(calls, type_code, found["type"]["version"]))
    decimals = (found.get("currency") or {}).get("decimals")
    branch = (found.get("branch") or {}).get("code", "")
    form = blueprints.schema(blueprint, decimals, user=found["user"], branch=branch)
    field_faults = validate_document(form, document)
    if more_batches:
        found["batches"] = [*(found.get("batches") or ()), *more_batches]
    if vouchers_as_seen is not None:
        found["vouchers"] = vouchers_as_seen(found.get("vouchers") or ())
    prepared = _read(document, blueprint, found, field_faults, voucher_id, blueprints.organization)
    return replace(prepared, keeps_version=version is not None)


def _its_draft(found: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """A draft that stands for the same document of another system, where none carries the key."""
    origin = found.get("origin")
    if found.get("key") or found.get("draft") or origin is None or origin["status"] == "POSTED":
        return {}
    if not sent_again(origin, document):
        return {}
    return {"draft": {**origin, "document_hash": content_hash(document), "kept": origin["document_hash"]}}


def _version_of_draft(found: Mapping[str, Any], document: Mapping[str, Any]) -> int | None:
    """The version of the draft that carries the key, if the document is still what was saved."""
    draft = found.get("draft")
    if draft is None or draft["document_hash"] != content_hash(document):
        return None
    version: int = draft["blueprint_version"]
    return version


def _with_todays_rights(kept: Blueprint, current: Blueprint) -> Blueprint:
    """An older version with what is always today's: whether the type takes vouchers, and who has to agree."""
    todays = {name: getattr(current.voucher_type, name) for name in ALWAYS_TODAYS}
    return replace(kept, voucher_type=replace(kept.voucher_type, **todays))


def _readable(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document with a date that the server can read, or none."""
    try:
        date.fromisoformat(document.get("date") or "")
    except (TypeError, ValueError):
        return {**document, "date": None}
    return document


def _read(
    document: Mapping[str, Any],
    blueprint: Blueprint,
    found: Mapping[str, Any],
    field_faults: tuple[Fault, ...],
    voucher_id: UUID,
    organization: OrganizationInfo,
) -> Prepared:
    default = found.get("default_warehouse")
    masters = Masters.read(found)
    reader = Reader(
        document,
        blueprint,
        masters,
        Organization(
            organization.id,
            organization.code,
            organization.base_currency,
            organization.currency_decimals,
            bool(found["organization"]["negative_stock"]),
        ),
        default,
        read_sources(found),
        tokens=_tokens(document, organization, (found.get("branch") or {}).get("code", "")),
    )
    if found.get("has_price_list") is False:
        reader.fault("VCH-055", f"There is no active price list {document['price_list'][:60]}", "price_list")
    branch = found.get("branch")
    if branch is None or not branch["is_active"]:
        reader.fault(
            "VCH-018", f"There is no active branch {document.get('branch') or ''}".rstrip(), "branch"
        )
        branch = {"id": str(UUID(int=0))}
    try:
        voucher = reader.read(voucher_id, UUID(branch["id"]), UUID(found["type"]["id"]))
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError):
        if not field_faults:
            raise
        return Prepared(found, None, field_faults, ())
    faults = _merged(field_faults, reader.faults)
    whole = tuple(check_voucher(voucher, found) if not faults else check_day(voucher, found))
    return Prepared(found, voucher, faults, whole, tuple(reader.warnings))


def _tokens(document: Mapping[str, Any], organization: OrganizationInfo, branch: str) -> NumberContext | None:
    """What the tokens of templates stand for on the voucher's day; None on a day of no year."""
    try:
        on = date.fromisoformat(document.get("date") or "")
    except (TypeError, ValueError):
        return None
    year = organization.fiscal_year(on)
    return NumberContext(year.code, year.short_code, on, branch) if year is not None else None


def _merged(first: tuple[Fault, ...], second: list[Fault]) -> tuple[Fault, ...]:
    """All faults, one a place: what the form says of a field comes before what masters say of it."""
    places = {fault.field for fault in first}
    return (*first, *(fault for fault in second if fault.field not in places))
