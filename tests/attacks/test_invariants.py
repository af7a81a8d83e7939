"""Each invariant I1 to I12 is attacked often enough, and a mutation that is named finds what it takes away."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from helpers.cluster import TEMPLATE, Cluster
from helpers.mutation_run import is_noticed
from helpers.mutations import MUTATIONS, Mutation

FOLDERS = (Path(__file__).parent, Path(__file__).parents[1] / "faults")
AT_LEAST = {**{f"I{number}": 5 for number in range(1, 13)}, "I2": 4}
CHEAP = ("journal_balances on journal", "INSERT ON erpdesk.journal to erpdesk_clerk")


def attacks(module: ModuleType) -> Counter[str]:
    """How often tests of a module attack each invariant: marks on tests count each case, marks on cases themselves."""
    found: Counter[str] = Counter()
    for name, test in vars(module).items():
        marks: list[Any] = getattr(test, "pytestmark", []) if name.startswith("test_") else []
        cases = 1
        for mark in marks:
            if mark.name == "parametrize":
                cases *= len(mark.args[1])
                for case in mark.args[1]:
                    _count(found, getattr(case, "marks", ()), 1)
        _count(found, marks, cases)
    return found


def _count(found: Counter[str], marks: Any, cases: int) -> None:
    for mark in marks:
        if mark.name == "invariant":
            found[mark.args[0]] += cases * mark.kwargs.get("attacks", 1)


def test_every_invariant_is_attacked() -> None:
    total: Counter[str] = Counter()
    for folder in FOLDERS:
        for path in sorted(folder.glob("test_*.py")):
            total += attacks(importlib.import_module(f"{folder.name}.{path.stem}"))
    assert {name: total[name] for name in AT_LEAST if total[name] < AT_LEAST[name]} == {}
    assert set(total) == set(AT_LEAST)


def test_every_mutation_finds_what_it_takes_away(cluster: Cluster) -> None:
    with cluster.superuser(TEMPLATE) as connection:
        for mutation in MUTATIONS:
            with connection.transaction(force_rollback=True):
                mutation.apply(connection)
    assert len({mutation.name for mutation in MUTATIONS}) == len(MUTATIONS) >= 25


def chosen(*names: str) -> list[Any]:
    return [pytest.param(one, id=one.name, marks=() if one.name in names else pytest.mark.long) for one in MUTATIONS]


@pytest.mark.parametrize("mutation", chosen(*CHEAP))
def test_a_mutation_is_noticed(mutation: Mutation) -> None:
    noticed, words = is_noticed(mutation)
    assert noticed, f"{mutation.name} was taken away, and {mutation.witness} passes:\n{words}"
