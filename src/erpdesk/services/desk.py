"""A desk is an open database and who works on it: the one object that doors begin with.

`open_desk` finds the database, starts the embedded server when that is the one meant, and sees to it that the
schema fits. Everything of one organization hangs on `Desk.books`. All of it may be used from several threads:
each call takes a connection of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.services.approvals import ApprovalService
    from erpdesk.services.baseline_upgrades import BaselineUpgradeService
    from erpdesk.services.blueprint_versions import BlueprintVersionService
    from erpdesk.services.candidates import CandidateService
    from erpdesk.services.configuration import ConfigurationService
    from erpdesk.services.database import DatabaseService
    from erpdesk.services.events import EventService
    from erpdesk.services.importing import ImportService
    from erpdesk.services.key_paths import KeyPathService
    from erpdesk.services.live_context import LiveContextService
    from erpdesk.services.master_files import MasterFileService
    from erpdesk.services.master_forms import MasterFormService
    from erpdesk.services.master_lists import MasterListService
    from erpdesk.services.masters import MasterService
    from erpdesk.services.narrations import NarrationService
    from erpdesk.services.numbering import NumberingService
    from erpdesk.services.offers import OfferService
    from erpdesk.services.organizations import MadeOrganization, NewOrganization
    from erpdesk.services.people import PeopleService
    from erpdesk.services.periods import PeriodService
    from erpdesk.services.posting_log import PostingLogService
    from erpdesk.services.pricing import PriceService
    from erpdesk.services.printing import PrintService
    from erpdesk.services.registers import RegisterService
    from erpdesk.services.reports import ReportService
    from erpdesk.services.settings_of_organization import OrganizationSettings
    from erpdesk.services.trail import TrailService
    from erpdesk.services.vouchers import VoucherService
    from erpdesk.services.worker import Worker
    from erpdesk.services.years import YearService
    from erpdesk.storage.server import Server

Progress = Callable[[str], None]


def open_desk(
    *,
    database_url: str | None = None,
    profile: str | None = None,
    user: str | None = None,
    progress: Progress | None = None,
    schema: Literal["current", "any"] = "current",
    password: str | None = None,
    keep: bool = False,
) -> Desk:
    """Opens the database that the options, the environment or the home folder name.

    With `schema="any"` nothing is checked or upgraded (for `db status` and `db upgrade`). A `password` that was
    asked for goes before every other, and is kept in the keyring if wished, once it has opened the desk. Raises
    NoDatabaseError.
    """
    from erpdesk.storage.connections import open_server
    from erpdesk.storage.target import resolve_target, with_password

    target = resolve_target(database_url, profile, user)
    if password is not None:
        target = with_password(target, password)
    desk = Desk(open_server(target, progress=progress, schema=schema))
    if keep and password is not None:
        from erpdesk.storage.profiles import keep_password
        from erpdesk.storage.target import keyring_place

        keep_password(keyring_place(target), desk.user, password)
    return desk


class Desk:
    """An open database. A context manager; `close` may be called twice."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @cached_property
    def user(self) -> str:
        """The PostgreSQL login that works here (session_user)."""
        from erpdesk.storage.facts import read_facts

        known = self._server.parameters().get("user")
        return str(known) if known else read_facts(self._server, count_organizations=False).user

    @property
    def password_in_use(self) -> str | None:
        """The password that was given for the login here; for telling it from another, never to be shown."""
        return self._server.target.password

    @property
    def place(self) -> str:
        """Where the database is, for people; never a password."""
        return self._server.target.described()

    @property
    def is_embedded(self) -> bool:
        """Whether the database is this desk's own."""
        return self._server.target.kind == "embedded"

    @cached_property
    def database(self) -> DatabaseService:
        """State, upgrade and verification of the database as a whole."""
        from erpdesk.services.database import DatabaseService

        return DatabaseService(self._server)

    @cached_property
    def people(self) -> PeopleService:
        """Users: added, given rights and limits, put out."""
        from erpdesk.services.people import PeopleService

        return PeopleService(self._server)

    def organizations(self) -> tuple[OrganizationInfo, ...]:
        """The organizations that the user belongs to, by code."""
        from erpdesk.storage.organizations import read_organizations
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            return read_organizations(connection)

    def today(self) -> date:
        """The date by the database's clock, in UTC."""
        from erpdesk.storage.facts import read_today

        return read_today(self._server)

    def create_organization(self, request: NewOrganization) -> MadeOrganization:
        """Makes an organization with its baseline data; the user becomes its admin. Raises ErpdeskError."""
        from erpdesk.services.organizations import create_organization

        return create_organization(self._server, request)

    def worker(self, folder: Path | None = None) -> Worker:
        """The worker of this database; files and commands of subscriptions are in `folder`, else in the home."""
        from erpdesk import settings
        from erpdesk.services.worker import Worker

        return Worker(self._server, folder or settings.home() / "worker")

    def books(self, code: str) -> Books:
        """The books of one organization. Raises ErpdeskError ORG-001 when there is none of that code."""
        from erpdesk.services.organizations import organization_named

        return Books(self._server, organization_named(self.organizations(), code))

    def close(self) -> None:
        """Gives the connections back; stops an embedded server that nobody else uses."""
        self._server.close()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Books:
    """Everything that can be done in one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self.organization = organization

    def permissions(self) -> frozenset[str]:
        """What the user may do here."""
        from erpdesk.services.permissions import permissions_held

        return permissions_held(self._server, self.organization.id)

    @cached_property
    def people(self) -> PeopleService:
        """Users, of this organization and others that the user administers."""
        from erpdesk.services.people import PeopleService

        return PeopleService(self._server)

    @cached_property
    def vouchers(self) -> VoucherService:
        """Vouchers: typed, saved, posted, shown."""
        from erpdesk.services.vouchers import VoucherService

        return VoucherService(self._server, self.organization)

    @cached_property
    def approvals(self) -> ApprovalService:
        """Vouchers on their way to being posted, and what waits for whom."""
        from erpdesk.services.approvals import ApprovalService

        return ApprovalService(self.vouchers)

    @cached_property
    def masters(self) -> MasterService:
        """Masters: looked up and imported."""
        from erpdesk.services.masters import MasterService

        return MasterService(self._server, self.organization.id)

    @cached_property
    def master_forms(self) -> MasterFormService:
        """Masters typed one at a time."""
        from erpdesk.services.master_forms import MasterFormService

        return MasterFormService(self._server, self.organization.id, self.masters)

    @cached_property
    def master_lists(self) -> MasterListService:
        """Masters, many at a time."""
        from erpdesk.services.master_lists import MasterListService

        return MasterListService(self._server, self.organization.id)

    @cached_property
    def master_files(self) -> MasterFileService:
        """Masters as files."""
        from erpdesk.services.master_files import MasterFileService

        return MasterFileService(self._server, self.organization, self.masters, self.master_lists)

    @cached_property
    def configuration(self) -> ConfigurationService:
        """Voucher types and their seeding."""
        from erpdesk.services.configuration import ConfigurationService

        return ConfigurationService(self._server, self.organization)

    @cached_property
    def blueprint_versions(self) -> BlueprintVersionService:
        """Versions of voucher types: compared, restored, saved against the one seen, copied elsewhere."""
        from erpdesk.services.blueprint_versions import BlueprintVersionService

        return BlueprintVersionService(self._server, self.organization, self.configuration)

    @cached_property
    def baseline_upgrades(self) -> BaselineUpgradeService:
        """Shipped voucher types beside the baseline: customised or not, and what a newer one offers."""
        from erpdesk.services.baseline_upgrades import BaselineUpgradeService

        return BaselineUpgradeService(self._server, self.organization, self.blueprint_versions)

    @cached_property
    def candidates(self) -> CandidateService:
        """Voucher types while they are being edited."""
        from erpdesk.services.candidates import CandidateService

        return CandidateService(self._server, self.configuration, self.vouchers, self.masters, self.baseline_upgrades)

    @cached_property
    def key_paths(self) -> KeyPathService:
        """How the cursor goes, for the site, a role or a user."""
        from erpdesk.services.key_paths import KeyPathService

        return KeyPathService(self._server, self.organization, self.vouchers)

    @cached_property
    def trail(self) -> TrailService:
        """The audit trail."""
        from erpdesk.services.trail import TrailService

        return TrailService(self._server, self.organization, self.vouchers)

    @cached_property
    def posting_log(self) -> PostingLogService:
        """Attempts to post."""
        from erpdesk.services.posting_log import PostingLogService

        return PostingLogService(self._server, self.organization)

    @cached_property
    def years(self) -> YearService:
        """Fiscal years closed and reopened."""
        from erpdesk.services.years import YearService

        return YearService(self._server, self.organization, self.vouchers)

    @cached_property
    def prices(self) -> PriceService:
        """Rates that untyped lines get."""
        from erpdesk.services.pricing import PriceService

        organization = self.organization
        return PriceService(self._server, organization.id, organization.base_currency, self.configuration)

    @cached_property
    def narrations(self) -> NarrationService:
        """Narrations worth repeating."""
        from erpdesk.services.narrations import NarrationService

        return NarrationService(self._server, self.organization.id)

    @cached_property
    def numbering(self) -> NumberingService:
        """How far number series have come."""
        from erpdesk.services.numbering import NumberingService

        return NumberingService(self._server, self.organization.id)

    @cached_property
    def offers(self) -> OfferService:
        """What there is to take for a voucher that is being typed."""
        from erpdesk.services.offers import OfferService

        return OfferService(self._server, self.organization.id)

    @cached_property
    def live_context(self) -> LiveContextService:
        """What stands beside fields while a voucher is typed."""
        from erpdesk.services.live_context import LiveContextService

        return LiveContextService(self._server, self.organization.id, self.prices)

    @cached_property
    def periods(self) -> PeriodService:
        """Fiscal years and periods."""
        from erpdesk.services.periods import PeriodService

        return PeriodService(self._server, self.organization)

    @cached_property
    def settings(self) -> OrganizationSettings:
        """What may be set of the organization itself."""
        from erpdesk.services.settings_of_organization import OrganizationSettings

        return OrganizationSettings(self._server, self.organization)

    @cached_property
    def events(self) -> EventService:
        """Subscriptions to what happens here."""
        from erpdesk.services.events import EventService

        return EventService(self._server, self.organization)

    @cached_property
    def reports(self) -> ReportService:
        """Reports."""
        from erpdesk.services.reports import ReportService

        return ReportService(self._server, self.organization)

    @cached_property
    def registers(self) -> RegisterService:
        """Day book and registers, page by page."""
        from erpdesk.services.registers import RegisterService

        return RegisterService(self._server, self.organization)

    @cached_property
    def printing(self) -> PrintService:
        """Prints of vouchers and reports, and their templates."""
        from erpdesk.services.printing import PrintService

        return PrintService(self._server, self.vouchers, self.reports, self.registers)

    @cached_property
    def exchange(self) -> ImportService:
        """Files of vouchers, brought in one by one."""
        from erpdesk.services.importing import ImportService

        return ImportService(self.vouchers)
