"""Every code of vouchers, ledger, stock, numbers, periods and approval is provoked through the command line.

Tests under `tests/scenarios` say which codes they provoke with `@pytest.mark.provokes(…)`; each is held to it when it
runs. Here they are only collected: a code of the catalogue that no test provokes fails, and so does a claim of a
code that the catalogue hasn't.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from erpdesk.services.error_catalogue import catalogue

ROOT = Path(__file__).parents[2]
PREFIXES = ("INV-", "GL-", "VCH-", "NUM-", "PRD-", "APR-")
_COLLECTOR = """
import json, sys, pytest
class Collector:
    def pytest_collection_finish(self, session):
        found = {code for item in session.items for mark in item.iter_markers("provokes") for code in mark.args}
        sys.stderr.write(json.dumps(sorted(found)))
sys.exit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", "tests/scenarios"], plugins=[Collector()]))
"""


@pytest.fixture(scope="module")
def provoked() -> set[str]:
    """The codes that scenarios claim to provoke."""
    ended = subprocess.run([sys.executable, "-c", _COLLECTOR], cwd=ROOT, capture_output=True, text=True, timeout=120,
                           check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return set(json.loads(ended.stderr))


def test_every_code_is_provoked_by_a_scenario(provoked: set[str]) -> None:
    wanted = {code for code in catalogue() if code.startswith(PREFIXES)}
    assert sorted(wanted - provoked) == [], "mark a test of the command line with @pytest.mark.provokes(code)"


def test_nothing_is_provoked_that_the_catalogue_has_not(provoked: set[str]) -> None:
    assert sorted(provoked - set(catalogue())) == []
