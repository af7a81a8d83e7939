"""Organizations: checked, then made whole in one transaction, baseline data included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from erpdesk.domain.results import ErpdeskError, Fault, InvalidRequest
from erpdesk.services.baseline import read_chart, write_masters
from erpdesk.services.charts import BASELINE, NO_CHART
from erpdesk.services.periods import year_faults
from erpdesk.services.reckonings import reckoning_of
from erpdesk.services.settings_of_organization import read_settings

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server

@dataclass(frozen=True, slots=True)
class NewOrganization:
    """What is asked for: `chart` is `baseline`, `none` or the path of a table of accounts, `roles` the codes of its
    accounts for roles that it doesn't name itself; `country` an ISO code of two letters or empty. Dates are the first
    and the last day of the first fiscal year. `settings` are as `org set` takes them: what isn't there is as usual in
    the country."""

    code: str
    name: str
    currency: str
    starts_on: date
    ends_on: date
    country: str = ""
    chart: str = BASELINE
    roles: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MadeOrganization:
    """What was made."""

    id: UUID
    code: str
    fiscal_year: str
    accounts: int
    voucher_types: int

    def as_json(self) -> dict[str, Any]:
        return {"ok": True, "organization_id": str(self.id), "code": self.code,
                "fiscal_year": self.fiscal_year, "accounts": self.accounts,
                "voucher_types": self.voucher_types}  # fmt: skip


def organization_named(found: Sequence[OrganizationInfo], code: str) -> OrganizationInfo:
    """The one of that code, whatever its case. Raises ErpdeskError ORG-001."""
    from erpdesk.storage.keys import text_key

    for organization in found:
        if text_key(organization.code) == text_key(code):
            return organization
    known = ", ".join(organization.code for organization in found[:10]) or "none"
    raise ErpdeskError(
        "ORG-001", f'There is no organization "{code[:60]}" that you belong to (there are: {known}).',
        cure="Check the code, or make it with erpdesk org create.", field="org",
    )  # fmt: skip


def create_organization(server: Server, request: NewOrganization) -> MadeOrganization:
    """Makes the organization, its branch HO, year, chart, warehouse MAIN and voucher types; the caller
    becomes its admin. Raises InvalidRequest ORG-*, ForbiddenError."""
    from erpdesk.services.configuration import seed_configuration
    from erpdesk.storage import organizations
    from erpdesk.storage.statistics import refresh_statistics
    from erpdesk.storage.transactions import writing

    faults = list(_faults(request))
    if faults:
        raise InvalidRequest(faults)
    chart = read_chart(request.chart, request.roles)
    document = _document(request)
    with writing(server) as connection:
        made = organizations.create_organization(connection, document)
        accounts = write_masters(connection, made, request.currency, chart)
        seeded = seed_configuration(connection, made, request.country)
    refresh_statistics(server)
    fiscal_year = str(document["fiscal_year"]["code"])
    return MadeOrganization(made, request.code.strip(), fiscal_year, accounts, len(seeded.voucher_types_made))


def _faults(request: NewOrganization) -> Iterable[Fault]:
    import re

    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}", request.code.strip(), re.ASCII):
        yield Fault("ORG-003", "An organization's code is 1 to 20 letters, digits, dots or dashes.",
                    "code")  # fmt: skip
    name = request.name.strip()
    if not name or len(name) > 200 or not name.isprintable():
        yield Fault("ORG-003", "An organization's name is 1 to 200 characters on one line.", "name")
    from erpdesk.storage.iso_currencies import currency_facts

    if currency_facts(request.currency) is None:
        yield Fault(
            "ORG-004", f'"{request.currency[:20]}" is no currency; write a code like NPR.', "currency"
        )
    if request.country and not _is_country(request.country):
        yield Fault("ORG-006", f'"{request.country[:20]}" is no country; write a code like NP.', "country")
    yield from year_faults(request.starts_on, request.ends_on)
    try:
        read_settings(request.settings)
    except ErpdeskError as error:
        yield error.fault()


def _is_country(code: str) -> bool:
    from babel import Locale

    return len(code) == 2 and code.isalpha() and code in Locale("en").territories


def _document(request: NewOrganization) -> Mapping[str, Any]:
    """What the database function takes."""
    from erpdesk.exchange.accounts import country_defaults
    from erpdesk.storage.fiscal_calendar import year_document
    from erpdesk.storage.iso_currencies import currency_facts
    from erpdesk.storage.keys import new_id, text_key

    facts = currency_facts(request.currency)
    usual = {**country_defaults(request.country), **read_settings(request.settings)}
    return {
        "id": new_id(),
        "code": request.code.strip(),
        "code_key": text_key(request.code),
        "name": request.name.strip(),
        "country": request.country or None,
        "base_currency": request.currency,
        "currency_decimals": facts[2] if facts else 2,
        **usual,
        "settings": {"chart": request.chart if request.chart in (BASELINE, NO_CHART) else "own"},
        "branches": [{"id": new_id(), "code": "HO", "code_key": text_key("HO"), "name": "Head office"}],
        **year_document(request.starts_on, request.ends_on, reckoning_of(str(usual.get("calendar", "")))),
    }  # fmt: skip
