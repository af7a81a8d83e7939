"""Every code that the program can say is catalogued, once, with cause and cure; the page says the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from erpdesk.services.error_catalogue import CatalogueEntry, catalogue, errors_page

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"""["']([A-Z]{2,4}-\d{3})["']""")
SOURCES = [*(ROOT / "src").rglob("*.py"), *(ROOT / "migrations" / "functions").glob("*.sql")]


def test_every_code_in_the_program_is_catalogued() -> None:
    said = {(code, path.name) for path in SOURCES for code in CODE.findall(path.read_text("utf-8"))}
    assert len(said) > 100
    assert {one for one in said if one[0] not in catalogue()} == set()


def test_no_code_is_catalogued_twice() -> None:
    rows = [row["code"] for path in (ROOT / "resources" / "errors").glob("*.json")
            for row in json.loads(path.read_text("utf-8"))]
    assert sorted(rows) == sorted(set(rows))


@pytest.mark.parametrize("entry", catalogue().values(), ids=lambda entry: entry.code)
def test_an_entry_says_what_it_means_and_what_to_do(entry: CatalogueEntry) -> None:
    assert re.fullmatch(r"[A-Z]{2,4}-\d{3}", entry.code)
    assert entry.title
    assert entry.title[-1] not in ".!"
    assert entry.cause.endswith((".", "…"))
    assert entry.cure.endswith((".", "…"))
    assert entry.step in ("", "saved", "journal", "gl", "inventory", "completed")


def test_the_page_is_current() -> None:
    page = (ROOT / "docs" / "errors.md").read_text("utf-8")
    assert page == errors_page(), "write it anew: python -m erpdesk.services.error_catalogue > docs/errors.md"
