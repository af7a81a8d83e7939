"""Every English text that the window shows, collected from sources and resources; and the catalogues kept in step.

`python -m helpers.source_texts` adds what is new to `resources/translations`, empty, takes out what is gone, and ends
with 1 while a language lacks something.
"""

from __future__ import annotations

import ast
import json
import re
import string
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from erpdesk.blueprints.baseline import load_journal_types
from erpdesk.blueprints.fields import Field
from erpdesk.exchange.printing.report_facts import FILTER_LABELS, STATUS_LABELS
from erpdesk.reports.catalogue import REPORTS
from erpdesk.settings import RESOURCES
from erpdesk.ui.words import LANGUAGES, SOURCE_LANGUAGE, Said, catalogue
from helpers.fake_desk import schema_of

SOURCES = Path(__file__).resolve().parents[2] / "src" / "erpdesk"
CLERKS_ERRORS = ("posting", "mst", "net", "rpt", "sys", "cfg")
"""The families of errors that the window can show; those of import are the command line's and English."""
_VALUE = re.compile(r"\{\w+\}")
_SAID = re.compile(r'say\("([^"]+)"\)')
_COLUMNS = ("text", "day", "money", "quantity", "count")
_FORMS = ("one", "other")


def all_texts() -> set[str]:
    """Every source text that a catalogue must have."""
    found = {*window_texts(), *key_texts(), *form_texts(), *settings_texts(), *error_texts(), *report_texts(),
             *print_texts(), *sentences()}
    return {text for text in found if any(char.isalpha() for char in _VALUE.sub("", text))}


def window_texts() -> Iterator[str]:
    """The literals given to `say` and `to_say`."""
    for path in sorted((SOURCES / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node) in ("say", "to_say") and node.args:
                yield from _literals(node.args[0])


def key_texts() -> Iterator[str]:
    """What keys do, and the contexts they stand in."""
    for path in sorted((RESOURCES / "keys").glob("*.json")):
        for context, rows in json.loads(path.read_text(encoding="utf-8"))["contexts"].items():
            yield context.capitalize()
            yield from (row["label"] for row in rows)


def form_texts() -> Iterator[str]:
    """Labels, helps and choices of every form: of baseline types, of fields that a type may switch on, of masters."""
    for path in sorted((*(RESOURCES / "blueprints").rglob("*.json"), *(RESOURCES / "masters").glob("*.json"),
                        *(RESOURCES / "first_start").glob("*.json"), *(RESOURCES / "audit").glob("*.json"))):
        content = json.loads(path.read_text(encoding="utf-8"))
        yield from _labels(content)
        if isinstance(content, dict) and "grid_kind" in content:
            schema = schema_of(content["code"])
            yield from (schema.label, schema.help, *(charge.label for charge in schema.charges))
            for field in (*schema.header, *(field for grid in schema.grids for field in grid.fields)):
                yield from _field_texts(field)
            yield from (grid.label for grid in schema.grids)


def settings_texts() -> Iterator[str]:
    """Labels, helps and choices of settings of voucher types."""
    for path in sorted((RESOURCES / "settings").glob("*.json")):
        yield from _labels(json.loads(path.read_text(encoding="utf-8")))
    yield from (one.label for one in load_journal_types())


def error_texts() -> Iterator[str]:
    """Title, cause and cure of the errors that a clerk can meet."""
    for family in CLERKS_ERRORS:
        for row in json.loads((RESOURCES / "errors" / f"{family}.json").read_text(encoding="utf-8")):
            yield from (row["title"], row["cause"], row["cure"])


def report_texts() -> Iterator[str]:
    """Headings of the columns of every report."""
    for room in ("reports", "services"):
        for path in sorted((SOURCES / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node) in _COLUMNS and len(node.args) == 2:
                    key, label = node.args
                    if isinstance(key, ast.Constant) and isinstance(label, ast.Constant) and label.value:
                        yield str(label.value)


def print_texts() -> Iterator[str]:
    """What printed pages say: the literals given to `say` of a speech and in templates, filters of reports, months."""
    for path in (*sorted((SOURCES / "exchange" / "printing").glob("*.py")), SOURCES / "services" / "printing.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
                yield from _literals(node.args[0])
    for path in sorted((RESOURCES / "print").glob("*.html")):
        yield from _SAID.findall(path.read_text(encoding="utf-8"))
    yield from (*FILTER_LABELS.values(), *STATUS_LABELS.values())
    yield from (definition.label for definition in REPORTS.values())


def sentences() -> list[str]:
    """The sentences of faults that a clerk meets, values in braces."""
    found: list[str] = json.loads((RESOURCES / "translations" / "sentences.json").read_text(encoding="utf-8"))
    return found


def placeholders(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(said: Said) -> list[str]:
    """A translation's texts: one, or one for each plural form."""
    return [said] if isinstance(said, str) else [said.get(form, "") for form in _FORMS]


def in_step(language: str, texts: Iterable[str]) -> dict[str, Said]:
    """The catalogue with exactly these texts; what is new is empty."""
    known = catalogue(language)
    wanted = sorted(text for text in texts if language != SOURCE_LANGUAGE or "{count}" in text)
    return {text: known.get(text, dict.fromkeys(_FORMS, "") if "{count}" in text else "") for text in wanted}


def written(content: dict[str, Said]) -> str:
    """One text a line, so that two people's additions don't meet."""
    rows = (f"{json.dumps(text, ensure_ascii=False)}: {json.dumps(said, ensure_ascii=False)}"
            for text, said in content.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


def main() -> int:
    """Bring the catalogues in step with the sources."""
    texts, lacking = all_texts(), 0
    for language in LANGUAGES:
        content = in_step(language, texts)
        (RESOURCES / "translations" / f"{language}.json").write_text(written(content), encoding="utf-8")
        for text in (text for text, said in content.items() if not all(forms(said))):
            print(f"{language}: {text}")
            lacking += 1
    return 1 if lacking else 0


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _literals(node: ast.expr) -> Iterator[str]:
    """A text, or the two of a choice between them."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))


def _labels(content: object) -> Iterator[str]:
    if isinstance(content, dict):
        for key, value in content.items():
            if key in ("label", "help", "placeholder", "regex_message") and isinstance(value, str):
                yield value
            else:
                yield from _labels(value)
    elif isinstance(content, list):
        for value in content:
            yield from _labels(value)


def _field_texts(field: Field) -> Iterator[str]:
    yield from (field.label, field.ui.help, field.ui.placeholder, *(option.label for option in field.options))


if __name__ == "__main__":
    sys.exit(main())
