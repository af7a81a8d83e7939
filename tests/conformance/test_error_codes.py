"""Every code that the program can say is catalogued: what it means, why it comes, what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from erpdesk.services.error_catalogue import catalogue
from erpdesk.settings import MIGRATIONS, RESOURCES

SOURCES = Path(__file__).parents[2] / "src"
CODE = re.compile(r"\b(?:APR|CFG|EVT|GL|IMP|INV|MST|NET|NUM|ORG|PRD|RPT|SEC|SYS|VCH)-\d{3}\b")


def said() -> dict[str, str]:
    """Every code in the sources, with one place where it stands."""
    found: dict[str, str] = {}
    for path in (*SOURCES.rglob("*.py"), *MIGRATIONS.rglob("*.sql")):
        for code in CODE.findall(path.read_text(encoding="utf-8")):
            found.setdefault(code, path.name)
    return found


def test_every_code_is_catalogued() -> None:
    assert {code: place for code, place in said().items() if code not in catalogue()} == {}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_an_entry_says_title_cause_and_cure(code: str) -> None:
    entry = catalogue()[code]
    assert CODE.fullmatch(code)
    assert entry.title
    assert entry.cause
    assert entry.cure.endswith(".")


def test_no_code_is_catalogued_twice() -> None:
    codes = [code for path in (RESOURCES / "errors").glob("*.json")
             for code in re.findall(r'"code": "([^"]+)"', path.read_text(encoding="utf-8"))]  # fmt: skip
    assert sorted(codes) == sorted(set(codes))
