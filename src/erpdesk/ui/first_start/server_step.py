"""The step that asks for a shared server: its name, the login, how the line is protected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from erpdesk.ui.editors.surroundings import Surroundings
from erpdesk.ui.first_start.form_step import FormStep
from erpdesk.ui.first_start.forms import asked


class ServerStep(FormStep):
    """The password is shown as dots."""

    def __init__(self, values: Mapping[str, Any], surroundings: Surroundings, parent: QWidget | None = None) -> None:
        super().__init__("server", asked("forms")["server"], values, surroundings, parent)
        password = self.form.editors["password"]
        if isinstance(password, QLineEdit):
            password.setEchoMode(QLineEdit.EchoMode.Password)
