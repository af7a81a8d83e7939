"""The route: which steps there are after the answers so far, how each is made, and where a fault belongs."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QObject, Signal
from PySide6.QtWidgets import QWidget

from erpdesk.domain.results import Fault, Refused
from erpdesk.services.beginning import Beginning
from erpdesk.services.charts import ChartPreview
from erpdesk.services.countries import Proposal
from erpdesk.services.organizations import NewOrganization
from erpdesk.ui.calendars import shown_date, use_calendar
from erpdesk.ui.editors.listed import Choice
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.first_start import knowledge
from erpdesk.ui.first_start.answers import DEMO, HERE, OWN, SHARED, Answers
from erpdesk.ui.first_start.chart_step import BASELINE, CHART, FILE, NONE, ChartStep
from erpdesk.ui.first_start.choice_step import ChoiceStep, Way
from erpdesk.ui.first_start.form_step import FormStep
from erpdesk.ui.first_start.grid_step import BALANCES, STOCK, BalancesStep, GridStep, StockStep
from erpdesk.ui.first_start.organization_steps import ORGANIZATION, YEAR, OrganizationStep, YearStep
from erpdesk.ui.first_start.server_step import ServerStep
from erpdesk.ui.first_start.step import Step
from erpdesk.ui.first_start.summary_step import SUMMARY, SummaryStep
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.lookups.cache import LookupCache
from erpdesk.ui.lookups.popup import LookupPopup
from erpdesk.ui.requests import Requests
from erpdesk.ui.session import Session
from erpdesk.ui.words import say, to_say

WHERE, SERVER, WHAT = "where", "server", "what"
_LABELS = {WHERE: to_say("Where"), SERVER: to_say("Server"), WHAT: to_say("Begin with"),
           ORGANIZATION: to_say("Organization"), YEAR: to_say("Year and habits"),
           CHART: to_say("Accounts"), BALANCES: to_say("Balances"), STOCK: to_say("Stock"),
           SUMMARY: to_say("Summary")}
_SETTINGS = ("legal_name", "calendar", "language", "digit_grouping", "time_zone")
_OF_YEAR = ("calendar", "language", "digit_grouping", "time_zone", "starts_on", "ends_on")
_PLACE = re.compile(r"(\w+)\[(\d+)\]\.?(\w*)")


class Route(QObject):
    """One assistant's. `ready` says that what steps are made of is known."""

    ready = Signal()

    def __init__(self, session: Session, answers: Answers, lane: Requests, page: QWidget) -> None:
        super().__init__(page)
        self._session, self.answers, self._lane, self._page = session, answers, lane, page
        self.world: knowledge.World | None = None
        self.preview: ChartPreview | None = None
        self._proposed: Proposal | None = None
        self._is_fetching = False
        self.lookups = LookupCache(lane, self)
        self.steps: dict[str, Step] = {}
        self.servers: dict[str, str] = {}
        self.was_first = self._is_first
        today: date = session.today if session.books is not None else QDate.currentDate().toPython()  # type: ignore[assignment]
        self.surroundings = Surroundings(self.lookups, LookupPopup(page), today, today)

    def secrets(self) -> dict[str, str]:
        """The password as it stands in its field; it is kept nowhere else."""
        step = self.steps.get(SERVER)
        return {"password": str(step.values.get("password") or "")} if isinstance(step, FormStep) else {}

    # Which steps

    @property
    def is_own(self) -> bool:
        """Whether it is an organization of one's own."""
        return self.answers.what != DEMO or not self._is_first

    @property
    def _is_first(self) -> bool:
        return self._session.organization is None

    def codes(self) -> list[str]:
        """The steps in order."""
        begin = [WHAT] if self._is_first else []
        if self._is_first and self._session.doors is not None:
            begin = [WHERE, *([SERVER] if self.answers.where == SHARED else []), *begin]
        if not self.is_own:
            return [*begin, SUMMARY]
        openings = [BALANCES, STOCK] if self.answers.value(CHART, "chart") != NONE else []
        return [*begin, ORGANIZATION, YEAR, CHART, *openings, SUMMARY]

    def stand_at(self, code: str) -> None:
        """A step is in sight, or will be when the assistant comes again."""
        codes, furthest = self.codes(), self.answers.furthest
        self.answers.step = code
        if furthest not in codes or code in codes[codes.index(furthest):]:
            self.answers.furthest = code
        self.answers.keep()

    def where_to_resume(self) -> str:
        """The furthest step that was reached."""
        codes = self.codes()
        return self.answers.furthest if self.answers.furthest in codes else codes[0]

    @staticmethod
    def label(code: str) -> str:
        """What a step is called in the list."""
        return say(_LABELS[code])

    def waits_for(self, code: str) -> bool:
        """Whether a step can't be made before something is fetched."""
        needs_chart = code in (BALANCES, STOCK, SUMMARY) and self.is_own
        if code in (WHERE, SERVER, WHAT) or not self.is_own:
            return False
        return self.world is None or (needs_chart and self.preview is None)

    def fetch(self) -> None:
        """Fetch what steps are made of."""
        if self._is_fetching:
            return
        self._is_fetching = True
        country, today = self.answers.value(ORGANIZATION, "country"), self.surroundings.today
        chart, roles = self._chart(), dict(self.answers.roles)

        def fetched(answer: tuple[knowledge.World, Proposal, ChartPreview]) -> None:
            self._is_fetching = False
            self.world, self._proposed, self.preview = answer
            self.lookups.put("uom", [Choice(unit, name) for unit, name in self.world.units])
            self._know_accounts()
            self.ready.emit()

        self._lane.submit(self, lambda: (knowledge.world(), knowledge.proposal(country, today),
                                         knowledge.chart(chart, roles)), fetched, self._failed)

    def _failed(self, refusal: Refused) -> None:
        self._is_fetching = False
        self._page.refused(refusal)  # type: ignore[attr-defined]

    # Making steps

    def make(self, code: str, parent: QWidget) -> Step:
        """A step, with the answers so far."""
        answers, world = self.answers, self.world
        made: Step
        if code == WHERE:
            made = ChoiceStep(WHERE, say("Welcome to erpdesk"), say("Where do the books live?"), (
                Way(HERE, say("On this computer"),
                    say("For one desk. A database is made here by itself; nothing is to be installed.")),
                Way(SHARED, say("On a shared server"),
                    say("For an office: a PostgreSQL server that several desks work on at once.")),
                *(Way(name, name, place) for name, place in self.servers.items())),
                answers.where, parent)
        elif code == SERVER:
            made = ServerStep(answers.forms.get(SERVER, {}), self.surroundings, parent)
        elif code == WHAT:
            made = ChoiceStep(WHAT, say("Welcome to erpdesk"), say("What would you like to begin with?"), (
                Way(OWN, say("An organization of my own"),
                    say("Name, year, accounts and balances; ready to type in a few minutes.")),
                Way(DEMO, say("A demo company to try"),
                    say("Masters, stock and a month of vouchers; nothing of it meets your own books."))),
                answers.what, parent)
        elif code == SUMMARY:
            made = SummaryStep(say("Everything is there") if self.is_own else say("The demo company"),
                               say("It is made in one go; faults lead back to their field.") if self.is_own else
                               say("It is made in the background; {key} stops it, and making it again goes on.",
                                   key=key_name("assistant", "back")),
                               say("Make it"), parent)
        else:
            assert world is not None, "the assistant waits for it"
            made = self._made_page(code, world, parent)
        self.steps[code] = made
        if isinstance(made, FormStep):
            made.answered.connect(lambda _key: self.keep(made))
        elif isinstance(made, GridStep):
            made.model.edited.connect(lambda _row, _key: self.keep(made))
        return made

    def _made_page(self, code: str, world: knowledge.World, parent: QWidget) -> Step:
        answers, values = self.answers, self.answers.forms.get(code, {})
        if code == ORGANIZATION:
            step = OrganizationStep(world, values, self.surroundings, parent)
            step.answered.connect(self._answered)
            if answers.made:
                step.lock()
            return step
        if code == YEAR:
            return YearStep(world, values, self.surroundings, parent)
        if code == CHART:
            chart = ChartStep(values, answers.roles, self.surroundings, parent)
            chart.wants_preview.connect(self._ask_preview)
            return chart
        if code == BALANCES:
            return BalancesStep(answers.rows.get(BALANCES, []), self.surroundings, self._difference_account, parent)
        return StockStep(answers.rows.get(STOCK, []), self.surroundings, parent)

    def prepare(self, step: Step) -> None:
        """What follows from other steps, before one comes into sight."""
        if isinstance(step, OrganizationStep | YearStep) and self._proposed is not None:
            self._propose(step, self._proposed)
        if isinstance(step, GridStep) and self.world is not None:
            self.surroundings.money_decimals = self.world.decimals(self.answers.value(ORGANIZATION, "currency"))
            self.surroundings.grouping = self.answers.value(YEAR, "digit_grouping")
        if calendar := self.answers.value(YEAR, "calendar"):
            use_calendar(calendar)
        if isinstance(step, SummaryStep):
            step.show_lines(self._summary())

    def keep(self, step: Step) -> None:
        """What a step holds becomes answers, on disk too."""
        answers = self.answers
        if isinstance(step, ChoiceStep) and step.code == WHERE:
            answers.where = step.chosen or HERE
        elif isinstance(step, ChoiceStep):
            answers.what = step.chosen or OWN
        elif isinstance(step, FormStep):
            answers.forms[step.code] = {key: raw for key, raw in step.values.items() if key != "password"}
        elif isinstance(step, GridStep):
            answers.rows[step.code] = step.rows
        if isinstance(step, ChartStep):
            answers.roles = step.roles
            if step.preview is not None:
                self.preview = step.preview
                self._know_accounts()
        answers.keep()

    # What follows from an answer

    def _answered(self, key: str) -> None:
        """A country was named: what is usual there is proposed."""
        step = self.steps.get(ORGANIZATION)
        if not isinstance(step, FormStep):
            return
        if key != "country":
            return
        country, today = str(step.values.get("country") or ""), self.surroundings.today

        def proposed(proposal: Proposal) -> None:
            self._proposed = proposal
            for one in self.steps.values():
                if isinstance(one, OrganizationStep | YearStep):
                    self._propose(one, proposal)

        self._lane.submit(self, lambda: knowledge.proposal(country, today), proposed, self._failed)

    @staticmethod
    def _propose(step: FormStep, proposal: Proposal) -> None:
        step.propose({"currency": proposal.currency, "tax_name": proposal.tax_name, "calendar": proposal.calendar,
                      "starts_on": proposal.starts_on.isoformat(), "ends_on": proposal.ends_on.isoformat(),
                      "language": proposal.language, "digit_grouping": proposal.digit_grouping,
                      "time_zone": proposal.time_zone})

    def _ask_preview(self, path: str, roles: Mapping[str, str]) -> None:
        step = self.steps.get(CHART)

        def seen(preview: ChartPreview) -> None:
            if isinstance(step, ChartStep) and step.chart == path:
                step.show_preview(preview)

        self._lane.submit(self, lambda: knowledge.chart(path, roles), seen, self._failed)

    def _chart(self) -> str:
        kind = self.answers.value(CHART, "chart") or BASELINE
        return self.answers.value(CHART, "file") if kind == FILE else kind

    def _know_accounts(self) -> None:
        rows = self.preview.rows if self.preview is not None else ()
        self.lookups.put("account", [Choice(row.code, row.name, attributes={
            "kind": row.kind or None, "is_group": row.is_group}) for row in rows])

    def _difference_account(self) -> str:
        rows = self.preview.rows if self.preview is not None else ()
        named = self.answers.roles.get("opening_difference", "")
        found = next((row for row in rows if "opening_difference" in row.roles or row.code == named), None)
        return f"{found.code} {found.name}" if found is not None else say("the opening difference")

    # The whole

    def beginning(self) -> Beginning:
        """What the answers ask for."""
        answers, of = self.answers, self.answers.value
        settings = {key: of(YEAR if key in _OF_YEAR else ORGANIZATION, key) for key in _SETTINGS}
        if number := of(ORGANIZATION, "tax_number"):
            settings[f"tax_number.{of(ORGANIZATION, 'tax_name') or 'VAT'}"] = number
        organization = NewOrganization(
            of(ORGANIZATION, "code"), of(ORGANIZATION, "name"), of(ORGANIZATION, "currency"),
            date.fromisoformat(of(YEAR, "starts_on")), date.fromisoformat(of(YEAR, "ends_on")),
            of(ORGANIZATION, "country"), self._chart(), answers.roles, settings)
        balances, stock = answers.rows.get(BALANCES, []), answers.rows.get(STOCK, [])
        if BALANCES not in self.codes():
            balances = stock = []
        kinds = {row.code: row.kind for row in (self.preview.rows if self.preview is not None else ())}
        return Beginning(organization, _document_rows(balances, ("account", "party", "debit", "credit"), "party"),
                         _document_rows(stock, ("item", "uom", "quantity", "rate"), "item"),
                         _parties(balances, kinds), _items(stock), is_made=bool(answers.made))

    def _summary(self) -> list[tuple[str, str]]:
        of, answers = self.answers.value, self.answers
        if not self.is_own:
            return [(say("Organization"), f"Acme Traders  {knowledge.DEMO_CODE}"),
                    (say("What it holds"), say("Items, customers, suppliers, a month of vouchers of every kind"))]
        first, last = (date.fromisoformat(of(YEAR, key)) for key in ("starts_on", "ends_on"))
        accounts = sum(not row.is_group for row in self.preview.rows) if self.preview is not None else 0
        lines = [(say("Organization"), f"{of(ORGANIZATION, 'name')}  {of(ORGANIZATION, 'code')}"),
                 (say("Legal name"), of(ORGANIZATION, "legal_name")),
                 (say("Tax number"), f"{of(ORGANIZATION, 'tax_name')} {of(ORGANIZATION, 'tax_number')}"
                  if of(ORGANIZATION, "tax_number") else ""),
                 (say("Currency"), of(ORGANIZATION, "currency")),
                 (say("Fiscal year"), f"{shown_date(first)} – {shown_date(last)}"),
                 (say("Time zone"), of(YEAR, "time_zone")),
                 (say("Accounts"), say("{count} accounts", count=accounts))]
        balances, stock = self.steps.get(BALANCES), self.steps.get(STOCK)
        if BALANCES in self.codes():
            lines.append((say("Opening balances"), say("{count} lines", count=len(answers.rows.get(BALANCES, [])))
                          + (f"  ·  {balances.sum.text()}" if isinstance(balances, BalancesStep) else "")))
            lines.append((say("Opening stock"), say("{count} lines", count=len(answers.rows.get(STOCK, [])))
                          + (f"  ·  {stock.sum.text()}" if isinstance(stock, StockStep) else "")))
        return [line for line in lines if line[1]]


def place_of_fault(fault: Fault, answers: Answers) -> tuple[str, str]:
    """The step and the field that a fault of the making belongs to."""
    field = fault.field
    if field.startswith("tax_number"):
        return ORGANIZATION, "tax_number"
    if field in ("fiscal_year", *_OF_YEAR):
        return YEAR, "ends_on" if field == "fiscal_year" else field
    if found := _PLACE.fullmatch(field):
        part, number, key = found.groups()
        if part in (BALANCES, STOCK):
            return part, f"{number}.{key}"
        if part in ("parties", "items"):
            return (BALANCES, "0.party") if part == "parties" else (STOCK, f"{number}.item")
        return CHART, "file"
    if field in (BALANCES, STOCK):
        return field, ""
    if field == CHART or field.startswith("line "):
        return CHART, "file"
    known = ("code", "name", "country", "currency", "legal_name", "tax_name")
    return (ORGANIZATION, field) if field in known else (SUMMARY, "")


def _document_rows(rows: Sequence[Mapping[str, Any]], keys: Sequence[str], named: str) -> list[dict[str, Any]]:
    """Rows as the document has them: names become the codes of the masters that are made of them."""
    return [{key: code_of(str(row[key])) if key == named else row[key] for key in keys
             if row.get(key) not in (None, "")} for row in rows]


def _parties(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if name := str(row.get("party") or "").strip():
            kind = "supplier" if kinds.get(str(row.get("account"))) == "payable" else "customer"
            known = found.setdefault(code_of(name), {"code": code_of(name), "name": name, "kind": kind})
            if known["kind"] != kind:
                known["kind"] = "both"
    return list(found.values())


def _items(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if name := str(row.get("item") or "").strip():
            found.setdefault(code_of(name), {"code": code_of(name), "name": name,
                                             "uom": str(row.get("uom") or "")})
    return list(found.values())


def code_of(name: str) -> str:
    """The code that a master made of a name gets."""
    return "-".join(name.upper().split())[:60]
