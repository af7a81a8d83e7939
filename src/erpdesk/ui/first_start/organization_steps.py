"""The steps that ask what the organization is, and what its year and habits are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from erpdesk.blueprints.fields import Option
from erpdesk.ui.calendars import use_calendar
from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.first_start.form_step import FormStep
from erpdesk.ui.first_start.forms import asked
from erpdesk.ui.first_start.knowledge import World
from erpdesk.ui.overriding import override

ORGANIZATION, YEAR = "organization", "year"


class OrganizationStep(FormStep):
    """Code, names, country, currency, tax number."""

    def __init__(self, world: World, values: Mapping[str, Any], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        page = asked("forms")[ORGANIZATION].with_options({
            "country": [Option(one.code, one.name) for one in world.countries],
            "currency": [Option(one.code, f"{one.code}  {one.name}") for one in world.currencies]})
        super().__init__(ORGANIZATION, page, values, surroundings, parent)


class YearStep(FormStep):
    """Fiscal year, calendar, language, figures, time zone."""

    def __init__(self, world: World, values: Mapping[str, Any], surroundings: Surroundings,
                 parent: QWidget | None = None) -> None:
        page = asked("forms")[YEAR].with_options({"time_zone": [Option(name, name) for name in world.time_zones]})
        super().__init__(YEAR, page, values, surroundings, parent)
        self.answered.connect(self._follow)

    @override
    def begin(self) -> None:
        self._show_calendar()
        super().begin()

    def _follow(self, key: str) -> None:
        if key == "calendar":
            self._show_calendar()

    def _show_calendar(self) -> None:
        """Days stand in the calendar that was chosen."""
        use_calendar(str(self.values.get("calendar") or ""))
        for key in ("starts_on", "ends_on"):
            editor = self.form.editors[key]
            raw = self.draft.header.values.get(key)
            editor.set_raw(None)
            editor.set_raw(raw)
