"""Whatever is sent to the command line, it answers with status 1, one JSON line, a stable code and a clear sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from erpdesk.cli.main import run
from helpers.cluster import Cluster
from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale, trading
from helpers.trading_fixtures import shop_template

__all__ = ["shop_template"]

Sent = str | bytes | dict[str, Any]
Say = Callable[..., list[dict[str, Any]]]

LINES = [{"account": "1110", "debit": "10"}, {"account": "3010", "credit": "10"}]


def one_line(**header: Any) -> dict[str, Any]:
    """A sound journal but for what is given."""
    return {"type": "JOURNAL", "date": "2026-04-02", "lines": LINES, **header}


def amounts(debit: Any, credit: Any) -> dict[str, Any]:
    """A journal of these two figures."""
    return one_line(lines=[{"account": "1110", "debit": debit}, {"account": "3010", "credit": credit}])


def as_line(sent: Sent) -> bytes:
    """A line of a file: bytes and text as they are, documents as JSON."""
    if isinstance(sent, bytes):
        return sent
    return (sent if isinstance(sent, str) else json.dumps(sent)).encode()


@pytest.fixture
def trade(cluster: Cluster, shop_template: str) -> Iterator[Trade]:
    """The trading organization; whatever the test does must leave its books sound."""
    with trading(cluster, shop_template) as made:
        yield made


@pytest.fixture
def say(trade: Trade, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Imports lines with --post; the answers, once they were found to be as every refusal must be."""

    def send(*lines: Sent, status: int = 1, options: tuple[str, ...] = ("--post",)) -> list[dict[str, Any]]:
        file = tmp_path / "vouchers.jsonl"
        file.write_bytes(b"".join(as_line(line) + b"\n" for line in lines))
        capsys.readouterr()
        ended = run(["--database", trade.database.url(), "import", "vouchers", str(file), "--org", "SHOP", *options])
        told = capsys.readouterr()
        assert ended == status, told
        assert "Traceback" not in told.out + told.err
        answers = [json.loads(answer) for answer in told.out.splitlines()]
        for answer in answers:
            if not answer["ok"]:
                check_refusal(answer)
        return answers

    return send


def check_refusal(answer: dict[str, Any]) -> None:
    """A refusal has its kind, a code of the catalogue, one sentence and a correlation id."""
    assert answer["kind"] in {"invalid", "conflict", "forbidden"}, answer
    assert re.fullmatch(r"(VCH|GL|INV|PRD|NUM|SEC|IMP|APR)-\d{3}", answer["code"]), answer
    assert re.fullmatch(r"[^\n\r\x00]{8,400}", answer["message"]), answer
    assert not re.search(r"psycopg|Decimal|None|relation \"|NoneType|<class|Error\b", answer["message"]), answer
    assert answer["correlation_id"]
    assert answer["faults"][0]["code"] == answer["code"]


CASES: dict[str, tuple[Any, str]] = {
    # what a document may say
    "an unknown header key": (one_line(colour="red"), "VCH-004"),
    "an unknown line key": (one_line(lines=[{**LINES[0], "colour": "red"}, LINES[1]]), "VCH-004"),
    "an unknown charge key": (purchase([goods("TEA", "1", "5")], charges=[{"code": "FREIGHT", "price": "1"}]),
                              "VCH-004"),
    "a field of another type": (one_line(warehouse="MAIN"), "VCH-004"),
    "charges where there are none": (one_line(charges=[{"code": "VAT"}]), "VCH-004"),
    "lines that are no list": (one_line(lines={"account": "1110"}), "VCH-004"),
    "a line that is no object": (one_line(lines=["1110"]), "VCH-004"),
    "a number where a code belongs": (one_line(lines=[{"account": {"code": "1110"}, "debit": "1"}]), "VCH-004"),
    "a word where a number belongs": (amounts("ten", "10"), "VCH-004"),
    "a word where yes or no belongs": (purchase([goods("TEA", "1", "5")], auto_charges="yes"), "VCH-004"),
    "a date that is none": (one_line(date="2026-02-30"), "VCH-004"),
    "a date in words": (one_line(date="yesterday"), "VCH-004"),
    "no date": ({"type": "JOURNAL", "lines": LINES}, "VCH-004"),
    "no type": ({"date": "2026-04-02", "lines": LINES}, "VCH-004"),
    "an unknown type": (one_line(type="GIFT"), "VCH-017"),
    "a type that is no text": (one_line(type=7), "VCH-017"),
    "no lines": ({"type": "JOURNAL", "date": "2026-04-02"}, "VCH-003"),
    "empty lines": (one_line(lines=[]), "VCH-003"),
    "lines of nothing": (one_line(lines=[{}, {}]), "VCH-004"),
    "zero lines": (amounts("0", "0"), "VCH-003"),
    "a key of 256 characters": (one_line(idempotency_key="k" * 256), "VCH-004"),
    # masters
    "a missing account": (one_line(lines=[{"account": "9999", "debit": "10"}, LINES[1]]), "GL-002"),
    "a missing party": (purchase([goods("TEA", "1", "5")], party="NOBODY"), "VCH-010"),
    "a missing item": (purchase([goods("NOTHING", "1", "5")]), "INV-002"),
    "a missing warehouse": (purchase([goods("TEA", "1", "5")], warehouse="NOWHERE"), "INV-003"),
    "a missing cost centre": (one_line(lines=[{**LINES[0], "cost_centre": "X"}, LINES[1]]), "VCH-013"),
    # figures
    "an unbalanced journal": (amounts("10", "9.99"), "GL-001"),
    "three decimals of money": (amounts("10.001", "10.001"), "VCH-004"),
    "a negative debit": (amounts("-10", "-10"), "VCH-004"),
    "a negative quantity": (purchase([goods("TEA", "-1", "5")]), "VCH-004"),
    "a zero quantity": (purchase([goods("TEA", "0", "5")]), "VCH-003"),
    "a negative rate": (purchase([goods("TEA", "1", "-5")]), "VCH-004"),
    "a negative freight": (purchase([goods("TEA", "1", "5")], charges=[{"code": "FREIGHT", "amount": "-1"}]),
                           "VCH-004"),
    "a discount above a hundred percent": (purchase([goods("TEA", "1", "5", discount_percent="101")]), "VCH-004"),
    "a quantity of sixteen digits": (purchase([goods("TEA", "1" * 16, "5")]), "VCH-004"),
    "a figure of forty digits": (amounts("1" * 40, "1" * 40), "VCH-004"),
    "forty digits after the point": (amounts("1." + "1" * 40, "10"), "VCH-004"),
    "a product past every limit": (purchase([goods("TEA", "999999999999999", "999999999")]), "VCH-004"),
    "a sum past every limit": (one_line(lines=[*({"account": "6020", "debit": "999999999999999"} for _ in range(3)),
                                               *({"account": "3010",
                                                  "credit": "999999999999999"} for _ in range(3))]), "VCH-004"),
    "text that says NaN": (amounts("NaN", "NaN"), "VCH-004"),
    "text that says Infinity": (amounts("Infinity", "Infinity"), "VCH-004"),
    "an exponent as text": (amounts("1e3", "1e3"), "VCH-004"),
    "digits of another script": (amounts("١٠", "١٠"), "VCH-004"),
    "blanks inside a figure": (amounts("1 0", "1 0"), "VCH-004"),
    "a bare NaN": ('{"type":"JOURNAL","date":"2026-04-02","lines":[{"account":"1110","debit":NaN}]}', "IMP-003"),
    "an exponent past reason": (
        '{"type":"JOURNAL","date":"2026-04-02","lines":[{"account":"1110","debit":1e999999}]}', "IMP-003"),
    # text
    "a narration of ten megabytes": (one_line(narration="x" * 10_000_000), "IMP-004"),
    "an escaped NUL": ('{"type":"JOURNAL","date":"2026-04-02","narration":"a\\u0000b","lines":[]}', "IMP-003"),
    "half a character": ('{"type":"JOURNAL","date":"2026-04-02","narration":"\\ud83d","lines":[]}', "IMP-003"),
    "bytes that are no text": (b'{"type":"JOURNAL","narration":"\xff\xfe"}', "IMP-002"),
    "a torn line": ('{"type":"JOURNAL","date":"2026-', "IMP-003"),
    "a list instead of an object": ("[]", "IMP-005"),
    "a key given twice": ('{"type":"JOURNAL","type":"JOURNAL"}', "IMP-003"),
    "an abyss of brackets": ('{"type":' + "[" * 3000 + "]" * 3000 + "}", "IMP-004"),
    "emoji for an account": (one_line(lines=[{"account": "💰", "debit": "10"}, LINES[1]]), "GL-002"),
    "right-to-left for a party": (purchase([goods("TEA", "1", "5")], party="شركة"), "VCH-010"),
    "a statement for an account": (one_line(lines=[{"account": "'; DROP TABLE voucher; --", "debit": "10"},
                                                   LINES[1]]), "GL-002"),
    # dates and stock
    "a day before every year": (one_line(date="1999-01-01"), "PRD-001"),
    "the year 9999": (one_line(date="9999-12-31"), "PRD-001"),
    "stock that isn't there": (sale([goods("TEA", "1", "5")], **PLAIN), "INV-001"),
}


@pytest.mark.parametrize(("sent", "code"), CASES.values(), ids=CASES)
def test_bad_input_is_refused_with_its_code_and_changes_no_books(trade: Trade, say: Say, sent: Any, code: str) -> None:
    before = trade.fingerprint()
    [answer] = say(sent)
    assert answer["code"] == code, answer
    assert trade.changed_since(before) <= {"posting_log"}


@pytest.mark.parametrize(("statement", "code"), [
    ("UPDATE erpdesk.fiscal_year SET is_closed = true", "PRD-002"),
    ("UPDATE erpdesk.accounting_period SET state = 'locked'", "PRD-003"),
    ("UPDATE erpdesk.organization SET audit_locked_until = '2026-12-31'", "PRD-004"),
    ("UPDATE erpdesk.organization SET is_locked = true", "PRD-005")])
def test_what_is_closed_stays_closed_to_files(trade: Trade, say: Say, statement: str, code: str) -> None:
    with trade.admin() as connection:
        connection.execute(statement.encode())
    [answer] = say(one_line())
    assert (answer["code"], answer["field"], answer["step"]) == (code, "date", "journal")
    assert trade.balances() == {}


def test_strange_text_that_is_sound_is_kept_as_it_was_written(trade: Trade, say: Say) -> None:
    texts = ["🧾 बिल नं. ७", "فاتورة \u202eabc", "a'; DROP TABLE voucher;--", "%s {0} {{x}} \\n", "=cmd|' /C calc'!A0"]
    answers = say(*(one_line(narration=text) for text in texts), status=0)
    assert [answer["status"] for answer in answers] == ["POSTED"] * len(texts)
    assert [row[0] for row in trade.rows("SELECT narration FROM erpdesk.voucher ORDER BY posting_sequence")] == texts


def test_an_import_stops_at_the_first_refusal_and_keeps_what_was_posted(trade: Trade, say: Say) -> None:
    answers = say(one_line(idempotency_key="a"), amounts("1", "2"), one_line(idempotency_key="c"))
    assert [(answer["line"], answer["ok"]) for answer in answers] == [(1, True), (2, False)]
    assert trade.balances() == {"1110": "10", "3010": "-10"}


def test_told_to_continue_it_answers_every_line_in_order(trade: Trade, say: Say) -> None:
    answers = say(one_line(), "{", one_line(idempotency_key="k"), "", one_line(idempotency_key="k"), amounts("1", "2"),
                  options=("--post", "--continue-on-error"))
    assert [(answer["line"], answer["ok"]) for answer in answers] == [
        (1, True), (2, False), (3, True), (5, True), (6, False)]
    assert [answer.get("replayed") for answer in answers] == [False, None, False, True, None]
    assert trade.balances() == {"1110": "20", "3010": "-20"}


def test_the_same_file_twice_posts_nothing_twice(trade: Trade, say: Say) -> None:
    first = say(one_line(), one_line(), status=0)
    again = say(one_line(), one_line(), status=0)
    assert [answer["voucher_number"] for answer in first] == [answer["voucher_number"] for answer in again]
    assert [answer["replayed"] for answer in again] == [True, True]
    assert trade.balances() == {"1110": "20", "3010": "-20"}


@pytest.mark.parametrize("reference", ["nothing", "SI/26-27/000001", "key:k", "key:",
                                       "00000000-0000-0000-0000-000000000000",
                                       "'; --", "\U0001f4b0", "x" * 3000])
@pytest.mark.parametrize("command", ["show", "status", "post"])
def test_an_unknown_voucher_is_said_to_be_unknown(
        trade: Trade, capsys: pytest.CaptureFixture[str], command: str, reference: str) -> None:
    assert run(["--database", trade.database.url(), "voucher", command, reference, "--org", "SHOP"]) == 1
    told = capsys.readouterr()
    assert "VCH-005" in told.out + told.err
    assert "Traceback" not in told.out + told.err
    assert len(told.err) < 600


def test_a_second_post_is_a_conflict_that_names_the_first(trade: Trade, capsys: pytest.CaptureFixture[str]) -> None:
    made = trade.post(journal())
    for reference in (made.voucher_id, "JV/26-27/000001"):
        assert run(["--database", trade.database.url(), "voucher", "post", reference, "--org", "SHOP"]) == 1
        answer = json.loads(capsys.readouterr().out)
        check_refusal(answer)
        assert (answer["kind"], answer["code"]) == ("conflict", "VCH-001")
        assert "JV/26-27/000001" in answer["message"]
    assert trade.balances() == {"1110": "100", "3010": "-100"}


def test_an_unknown_organization_is_refused_with_a_code(trade: Trade, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--database", trade.database.url(), "voucher", "show", "x", "--org", "NOWHERE"]) == 1
    assert "ORG-001" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("voucher",), ("voucher", "shw", "x"), ("import", "vouchers", "x"),
                                       ("--nonsense",),
                                       ("import", "vouchers", "x", "--org", "SHOP", "--loudly")])
def test_wrong_usage_is_another_status(trade: Trade, capsys: pytest.CaptureFixture[str], arguments: tuple[str,
                                                                                                         ...]) -> None:
    assert run(["--database", trade.database.url(), *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("content", [None, b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", b"<xml/>",
                                     b"just words\n",
                                     b'{"type":"JOURNAL",\x00"date":"2026-04-02"}'])
def test_a_file_that_is_none_is_refused(
        trade: Trade, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None) -> None:
    file = tmp_path / "vouchers.bin"
    if content is not None:
        file.write_bytes(content)
    ended = run(["--database", trade.database.url(), "import", "vouchers", str(file), "--org", "SHOP", "--post"])
    told = capsys.readouterr()
    assert (ended, "IMP-0" in told.err) == (1, True), told
    assert "Traceback" not in told.err


def test_the_program_itself_answers_the_same(trade: Trade, tmp_path: Path) -> None:
    """Once as a process of its own: status, one JSON line on stdout, nothing on stderr."""
    file = tmp_path / "vouchers.jsonl"
    file.write_text(json.dumps(amounts("10", "9")))
    code = "import sys; from erpdesk.cli.main import run; sys.exit(run(sys.argv[1:]))"
    ended = subprocess.run(
        [sys.executable, "-c", code, "import", "vouchers", str(file), "--org", "SHOP", "--post"], capture_output=True,
        text=True, env={**os.environ, "ERPDESK_DATABASE_URL": trade.database.url()}, timeout=60, check=False)
    assert (ended.returncode, ended.stderr) == (1, "")
    answer = json.loads(ended.stdout)
    check_refusal(answer)
    assert (answer["line"], answer["ok"], answer["code"]) == (1, False, "GL-001")
