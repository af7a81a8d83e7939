"""Rules for every file of the project: nothing unfinished, nothing of one machine, nothing big."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from architecture.tree import ROOT, text_of, tracked_files

BYTES_AT_MOST = 1_000_000
ROOMS = {"src", "resources", "migrations", "tests", "packaging", "docs", ".ci"}
CODE = ROOMS - {"docs", ".ci"}
TOP_LEVEL_FILES = {
    "pyproject.toml", "Makefile", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", ".gitattributes",
    ".gitignore",
}

# Written with a bracket in them, so that this file doesn't break its own rules.
UNFINISHED = re.compile(r"\b(?:T[O]DO|F[I]XME|X[X]X|NotI[m]plementedError)\b")
SKIPPED = re.compile(r"pytest\.(?:mark\.(?:sk[i]p\b|xf[a]il)|sk[i]p\()")
ONE_MACHINE = re.compile(r"(?:/wo[r]k/|/ho[m]e/\w|/root/\.|/tmp/\w*house|C:\\U[s]ers)")
REGISTRY = re.compile(r"pythonho[s]ted|py[p]i\.org|--(?:extra-)?ind[e]x-url[= ]\S*:|--tr[u]sted-host[= ]\w")
TRACKER = re.compile(
    r"\b(?:i[s]sue|ticket|pull request)s? ?(?:no\. ?)?#?\d+|(?:^|[\s(])#\d{1,5}\b(?![-0-9a-fA-F])",
    re.IGNORECASE | re.MULTILINE)

TEXTS = [path for path in tracked_files() if text_of(path) is not None]


def findings(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    """`path:line: text` of every match."""
    found = []
    for path in paths:
        text = text_of(path) or ""
        found += [f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {match[0].strip()}"
                  for match in pattern.finditer(text)]
    return found


@pytest.mark.parametrize(("line", "pattern"), [
    ("x = 1  # T" "ODO: later", UNFINISHED),
    ("@pytest.mark." "skip", SKIPPED),
    ("open('/wo" "rk/main/x')", ONE_MACHINE),
    ("--index" "-url https://somewhere", REGISTRY),
    ("as said in iss" "ue 12", TRACKER),
    ("mends (#" "12)", TRACKER),
])
def test_each_rule_sees_what_it_forbids(line: str, pattern: re.Pattern[str]) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize("pattern", [UNFINISHED, SKIPPED], ids=["unfinished", "skipped"])
def test_nothing_is_left_unfinished(pattern: re.Pattern[str]) -> None:
    assert findings(pattern, [path for path in TEXTS if path.parts[0] in CODE]) == []


@pytest.mark.parametrize("pattern", [ONE_MACHINE, REGISTRY, TRACKER], ids=["machine", "registry", "tracker"])
def test_nothing_belongs_to_one_machine_or_one_moment(pattern: re.Pattern[str]) -> None:
    assert findings(pattern, TEXTS) == []


def test_top_level_holds_only_the_rooms() -> None:
    folders = {path.parts[0] for path in tracked_files() if len(path.parts) > 1}
    files = {path.name for path in tracked_files() if len(path.parts) == 1}
    assert folders <= ROOMS
    assert files <= TOP_LEVEL_FILES


def test_no_file_is_big_by_accident() -> None:
    big = [f"{path}: {(ROOT / path).stat().st_size}" for path in tracked_files()
           if (ROOT / path).stat().st_size > BYTES_AT_MOST]
    assert big == []


def test_no_module_is_a_drawer_for_anything() -> None:
    """A file is a noun; these names say that nobody looked for one."""
    drawers = {"utils", "util", "helpers", "manager", "common", "misc"}
    assert [str(path) for path in tracked_files() if path.parts[0] == "src" and path.stem in drawers] == []
