"""Voucher files of every kind: what can't be text is refused, what is broken spoils only its own line."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest

from erpdesk.exchange.refusals import ImportRefused
from erpdesk.exchange.sources import LONGEST_LINE_BYTES
from erpdesk.exchange.vouchers import read_vouchers


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read(path: Path) -> list[tuple[int, str]]:
    """Line and type of each voucher, or the code of its refusal."""
    return [
        (one.line, one.refusal.code if one.refusal else one.document["type"]) for one in read_vouchers(path)
    ]


def test_byte_order_mark_blank_lines_and_windows_line_ends_are_taken(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", b'\xef\xbb\xbf{"type":"A"}\r\n\r\n{"type":"B"}\r\n')
    assert read(path) == [(1, "A"), (3, "B")]


def test_last_line_needs_no_line_end(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a.jsonl", b'{"type":"A"}\n{"type":"B"}')) == [(1, "A"), (2, "B")]


def test_a_broken_line_spoils_no_other(tmp_path: Path) -> None:
    lines = b'{"type":"A"}\n{"type":\n[1]\n"x"\n{"type":"\xff"}\n{"type":"B"}\n'
    codes = [(1, "A"), (2, "IMP-003"), (3, "IMP-005"), (4, "IMP-005"), (5, "IMP-002"), (6, "B")]
    assert read(written(tmp_path, "a.jsonl", lines)) == codes


def test_a_line_beyond_the_limit_is_skipped_unread(tmp_path: Path) -> None:
    huge = b'{"type":"' + b"x" * (10 * 1024 * 1024) + b'"}\n'
    path = written(tmp_path, "a.jsonl", b'{"type":"A"}\n' + huge + b'{"type":"B"}\n')
    assert read(path) == [(1, "A"), (2, "IMP-004"), (3, "B")]


def test_a_line_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    frame = b'{"type":"A","x":""}'
    line = frame[:-2] + b"y" * (LONGEST_LINE_BYTES - len(frame)) + b'"}'
    assert len(line) == LONGEST_LINE_BYTES
    assert read(written(tmp_path, "a.jsonl", line + b"\n")) == [(1, "A")]


def test_a_nul_in_the_middle_is_refused_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", b'{"type":"A"}\n' * 1000 + b'{"type":"\x00"}\n')
    assert read(path)[-1] == (1001, "IMP-002")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jsonl", '{"type":"A"}'.encode("utf-16"), "IMP-002"),
        ("a.jsonl", '{"type":"A"}'.encode("utf-16-le"), "IMP-002"),
        ("a.csv", "type,date\nA,2026-04-01\n".encode("utf-16"), "IMP-002"),
        ("a.csv", "type,date\nCafé,2026-04-01\n".encode("latin-1"), "IMP-002"),
        ("a.jsonl", b"%PDF-1.7 and so on", "IMP-002"),
        ("a.jsonl", b"\x1f\x8b\x08\x00rest", "IMP-002"),
        ("a.xlsx", b"PK\x03\x04 not a real archive", "IMP-007"),
        ("a.xlsx", b"just text", "IMP-007"),
        ("a.dat", b"hello", "IMP-006"),
        ("a.csv", b"", "IMP-008"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(written(tmp_path, name, content))
    assert refused.value.code == code


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.jsonl", tmp_path, tmp_path / ("x" * 300), Path("a\0b")):
        with pytest.raises(ImportRefused) as refused:
            read(path)
        assert refused.value.code == "IMP-001"


def test_an_empty_file_has_no_vouchers(tmp_path: Path) -> None:
    assert read(written(tmp_path, "a.jsonl", b"")) == []


def test_random_bytes_are_refused_or_read_but_never_crash(tmp_path: Path) -> None:
    chance = random.Random(7)
    for number in range(200):
        ending = chance.choice([".jsonl", ".csv", ".xlsx", ".txt"])
        path = written(tmp_path, f"{number}{ending}", chance.randbytes(chance.randrange(200)))
        with contextlib.suppress(ImportRefused):
            read(path)
