"""The journal's folder: entries whole or not at all, for their owner alone, taken over only from the dead."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from erpdesk.ui.journal.folder import JournalFolder

_HOLDER = """
import sys
from pathlib import Path
from erpdesk.ui.journal.folder import JournalFolder
folder = JournalFolder(Path(sys.argv[1]))
folder.open()
folder.put("k1", {"kind": "typing", "n": "one"})
folder.put("k2", {"kind": "typing", "n": "two"})
print("ready", flush=True)
sys.stdin.readline()
"""


def opened(root: Path) -> JournalFolder:
    folder = JournalFolder(root)
    folder.open()
    return folder


def test_entries_of_a_killed_program_are_taken_over_and_those_of_a_living_one_are_not(tmp_path: Path) -> None:
    root = tmp_path / "home" / "journal"
    other = subprocess.Popen([sys.executable, "-c", _HOLDER, str(root)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "ready\n"
    first = opened(root)
    assert first.take_over() == {}
    other.kill()
    other.communicate()
    second = opened(root)
    assert second.take_over() == {"k1": {"kind": "typing", "n": "one"}, "k2": {"kind": "typing", "n": "two"}}
    third = opened(root)
    assert third.take_over() == {}, "taken over once"
    second.drop("k1")
    second.put("k2", {"n": "three"})
    for folder in (first, second, third):
        folder.close()
    last = opened(root)
    assert last.take_over() == {"k2": {"n": "three"}}
    last.drop("k2")
    last.close()
    assert list(root.iterdir()) == [], "nothing is left behind"


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    root = tmp_path / "home" / "journal"
    folder = opened(root)
    folder.put("k", {})
    paths = [root.parent, *root.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    folder.close()


def test_half_an_entry_is_no_entry_and_a_broken_one_is_set_aside(tmp_path: Path) -> None:
    folder = opened(tmp_path)
    folder.put("good", {"n": 1})
    own = next(path for path in tmp_path.iterdir() if path.is_dir())
    (own / ".half").write_text('{"n"')
    (own / "broken.json").write_text('{"n"')
    folder.close()
    following = opened(tmp_path)
    assert following.take_over() == {"good": {"n": 1}}
    assert [path.name for path in tmp_path.rglob("*.unreadable")] == ["broken.unreadable"]
    following.close()
