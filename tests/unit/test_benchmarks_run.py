"""The benchmarks still run, and their table says what it should. Figures of so few posts mean nothing."""

from __future__ import annotations

import pytest

from benchmarks import figures
from benchmarks.__main__ import PARTS, main, run
from benchmarks.company import Size

_SMALL = Size(posts=2, rounds=1, posts_a_round=2, starts=1, imported=4, desks=2, many_lines=12)


def test_the_table_has_a_row_for_every_bar_that_posts(capsys: pytest.CaptureFixture[str]) -> None:
    rows = run(_SMALL, frozenset({"P1", "P2", "P3", "P4", "P10"}))
    figures.show("small", rows)

    shown = capsys.readouterr().out
    assert [row.bar for row in rows if row.bar] == ["P1", "P2", "P3", "P4", "P10"]
    assert "could not be measured" not in shown
    counted = {row.what: row for row in rows}
    assert all(
        row.holds
        for what, row in counted.items()
        if what.startswith(("rows written", "failures shown", "round trips", "statements"))
    )


def test_every_bar_is_measured_by_one_part() -> None:
    bars = [bar for names, _ in PARTS for bar in names]
    assert sorted(bars) == sorted(set(bars))


def test_an_unknown_bar_is_wrong_usage() -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "P99"])
    assert ended.value.code == 2
