"""The languages that the window can speak, as places to go to."""

from __future__ import annotations

from erpdesk.ui.window.destinations import Destination
from erpdesk.ui.words import LANGUAGES, say

LANGUAGE = "language"


def language_destinations() -> list[Destination]:
    """The languages, each by its own name and its English one."""
    return [Destination(LANGUAGE, code, name if name == english else f"{name}   {english}", say("Language"))
            for code, (name, english) in LANGUAGES.items()]
