"""Answers: what was typed into the assistant so far, kept in a file so that no crash loses it. Never a password."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from erpdesk.settings import home

_log = logging.getLogger(__name__)
_FILE = "first-start.json"
_SECRET = "password"
HERE, SHARED = "here", "shared"
DEMO, OWN = "demo", "own"


@dataclass
class Answers:
    """`forms` and `rows` by page; `made` is the code of an organization that an earlier try has made, `step` the page
    that was in sight, `furthest` the one that was reached before somebody went back."""

    step: str = ""
    furthest: str = ""
    where: str = ""
    what: str = ""
    forms: dict[str, dict[str, Any]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    made: str = ""

    def value(self, form: str, key: str) -> str:
        """What was answered, as text; empty for nothing."""
        raw = self.forms.get(form, {}).get(key)
        return "" if raw is None else str(raw).strip()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.forms.get("organization") or any(self.rows.values()))

    def keep(self) -> None:
        """Write them down; where that isn't possible they live only in the window."""
        content = asdict(self)
        content["forms"] = {name: {key: raw for key, raw in values.items() if key != _SECRET}
                            for name, values in self.forms.items()}
        path = kept_in()
        made = path.with_name(f".{path.name}")
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            stream = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(stream, "w", encoding="utf-8") as file:
                json.dump(content, file, ensure_ascii=False, default=str)
            made.replace(path)
        except OSError as error:
            _log.warning("the answers can't be kept: %s", error)


def kept_in() -> Path:
    """The file of the answers."""
    return home() / _FILE


def read_answers() -> Answers:
    """Those kept, or none; a file that can't be read is none."""
    try:
        content = json.loads(kept_in().read_text(encoding="utf-8"))
        known = {one.name: type(getattr(Answers(), one.name)) for one in fields(Answers)}
        answers = Answers()
        for key, value in content.items():
            if isinstance(value, known.get(key, ())):
                setattr(answers, key, value)
        return answers
    except (OSError, ValueError, AttributeError, TypeError):
        return Answers()


def forget_answers() -> None:
    """They aren't needed any more."""
    with suppress(OSError):
        kept_in().unlink(missing_ok=True)


def is_undecided() -> bool:
    """Whether nobody has said yet where the books live: there is no home, or only answers and the window's own file."""
    try:
        return not {path.name for path in home().iterdir()} - {_FILE, f".{_FILE}", "window.ini"}
    except OSError:
        return True
