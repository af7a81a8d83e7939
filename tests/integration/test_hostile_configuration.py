"""Configuration meant to break the program: refused with a code and the path of the element, or without effect.

Each document goes through the service on real books: looked at, imported and, where it is one whole type, saved. None
takes long, none raises anything but a refusal, none leaves a trace.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from erpdesk.domain.results import ErpdeskError, InvalidRequest, Ok, Refused
from helpers.cluster import Cluster
from helpers.command_line import CommandLine
from helpers.trading import Trade, goods, sale, trading

SALES = "SALES_INVOICE"
SLOWEST_SECONDS = 5
"""Of this process: how busy the machine is besides is no fault of the configuration."""
BLANK = {"key": "x1", "label": "X", "field_type": "text"}
CHARGE = {"code": "A1", "label": "A", "sequence": 1, "ledger": "6010", "calculation_type": "rate", "rate": "1"}


def udf(**columns: Any) -> dict[str, Any]:
    return {"udfs": [{**BLANK, **columns}]}


def charge(**columns: Any) -> dict[str, Any]:
    return {"charges": [{**CHARGE, **columns}]}


def many(count: int, **columns: Any) -> list[dict[str, Any]]:
    return [{**BLANK, "key": f"f{number}", **columns} for number in range(count)]


def nested(depth: int) -> Any:
    made: Any = {"field": "ref_no", "eq": "A"}
    for _ in range(depth):
        made = {"not": made}
    return made


def rule(condition: Any) -> dict[str, Any]:
    return {"field_rules": [{"field": "ref_no", "visible": True, "condition": condition}]}


def override(*fields: Any) -> dict[str, Any]:
    return {"schema_definition": {"header_fields": list(fields)}}


def leads_to(key: str, other: str) -> dict[str, Any]:
    return {"key": f"udf.{key}", "visible_when": {"field": f"udf.{other}", "eq": "1"}}


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown field type": (udf(field_type="colour"), "CFG-001", "udfs[0].field_type"),
    "a field type that is a list": (udf(field_type=["text"]), "CFG-003", "udfs[0].field_type"),
    "an unknown type in an override": (override({"key": "n", "field_type": "no"}), "CFG-001",
                                       "schema_definition.header_fields[0].field_type"),
    "a reference within a pattern": (udf(regex=r"(a)\1"), "CFG-008", "udfs[0].regex"),
    "a look ahead": (udf(regex="(?=a)"), "CFG-008", "udfs[0].regex"),
    "a repetition of repetitions": (udf(regex="(a{1000}){1000}"), "CFG-008", "udfs[0].regex"),
    "a pattern without end": (udf(regex="a" * 3000), "CFG-008", "udfs[0].regex"),
    "a broken pattern": (udf(regex="("), "CFG-008", "udfs[0].regex"),
    "300 fields": ({"udfs": many(300)}, "CFG-020", "udfs"),
    "300 fields by override": (override(*({"key": f"k{one}", "field_type": "text", "label": "L"}
                                          for one in range(300))), "CFG-020", "schema_definition.header_fields"),
    "2000 rules": ({"field_rules": [{"field": "ref_no", "scope": "user", "scope_value": f"u{one}", "visible": True}
                                    for one in range(2000)]}, "CFG-020", "field_rules"),
    "500 charges": ({"charges": [{**CHARGE, "code": f"C{one}", "sequence": one} for one in range(500)]}, "CFG-020",
                    "charges"),
    "300 series": ({"series": [{"code": f"S{one}"} for one in range(300)]}, "CFG-020", "series"),
    "10000 options": (udf(field_type="select", options=[{"value": str(one), "label": "o"} for one in range(10000)]),
                      "CFG-020", "udfs[0].options"),
    "1000 narrations": ({"narration_templates": ["x"] * 1000}, "CFG-020", "narration_templates"),
    "200 letters of a label": (udf(label="L" * 200), "CFG-020", "udfs[0].label"),
    "200 letters of a type's label": ({"label": "L" * 200}, "CFG-020", "label"),
    "200 letters of a header label": ({"ref_no_label": "L" * 200}, "CFG-020", "ref_no_label"),
    "200 letters of a charge": (charge(label="L" * 200), "CFG-020", "charges[0].label"),
    "200 letters of an option": (udf(field_type="select", options=[{"value": "a", "label": "L" * 200}]), "CFG-020",
                                 "udfs[0].options[0].label"),
    "a book of help": ({"help": "h" * 1_000_000}, "CFG-020", "help"),
    "a label of blanks": (udf(label="   "), "CFG-009", "udfs[0].label"),
    "a charge without label": (charge(label=""), "CFG-009", "charges[0].label"),
    "a type without label": ({"label": " "}, "CFG-009", "label"),
    "NUL in a label": (udf(label="a\x00b"), "CFG-003", "udfs[0].label"),
    "NUL in a pattern": (udf(regex="a\x00"), "CFG-003", "udfs[0].regex"),
    "NUL in a prefix": ({"number_prefix": "\x00"}, "CFG-003", "number_prefix"),
    "a line end in a label": (udf(label="a\nb"), "CFG-003", "udfs[0].label"),
    "a bell in a label": (udf(label="a\x07"), "CFG-003", "udfs[0].label"),
    "half a character": (udf(label="\ud800"), "CFG-003", "udfs[0].label"),
    "a label that turns the line around": (udf(label="\u202eabc"), "CFG-003", "udfs[0].label"),
    "a field twice": ({"udfs": [BLANK, BLANK]}, "CFG-006", "udfs[1]"),
    "a charge twice": ({"charges": [CHARGE, CHARGE]}, "CFG-006", "charges[1]"),
    "a rule twice": ({"field_rules": [{"field": "ref_no"}, {"field": "ref_no"}]}, "CFG-006", "field_rules[1]"),
    "a series twice": ({"series": [{"code": "A", "prefix": "A"}, {"code": "A", "prefix": "B"}]}, "CFG-006",
                       "series[1]"),
    "an override twice": (override({"key": "ref_no", "label": "A"}, {"key": "ref_no", "label": "B"}), "CFG-006",
                          "schema_definition.header_fields[1]"),
    "a key that is no key": (udf(key="a b; drop"), "CFG-003", "udfs[0].key"),
    "a key that is a list": (udf(key=["a"]), "CFG-003", "udfs[0].key"),
    "a scope that is a list": (udf(scope=["header"]), "CFG-004", "udfs[0].scope"),
    "a charge's code that is an object": (charge(code={"a": 1}), "CFG-003", "charges[0].code"),
    "a rule for an object": ({"field_rules": [{"field": {"a": 1}}]}, "CFG-003", "field_rules[0].field"),
    "a series that is a list": ({"series": [{"code": ["A"]}]}, "CFG-003", "series[0].code"),
    "a charge of nothing": ({"charges": [None]}, "CFG-003", "charges[0]"),
    "charges of nothing": ({"charges": None}, "CFG-003", "charges"),
    "a grid that is a list": ({"lines": [1]}, "CFG-003", "lines"),
    "an unknown grid": ({"grid_kind": "spiral"}, "CFG-004", "grid_kind"),
    "a grid that is a number": ({"grid_kind": 5}, "CFG-004", "grid_kind"),
    "another grid than the stock needs": ({"grid_kind": "ledger_dr_cr"}, "CFG-009", "grid_kind"),
    "an unknown column": ({"colour": "red"}, "CFG-002", "colour"),
    "an unknown column of the grid": ({"lines": {"colour": "red"}}, "CFG-002", "lines.colour"),
    "conditions that lead to one another": (
        {"udfs": [{**BLANK, "key": "a1"}, {**BLANK, "key": "b1"}],
         **override(leads_to("a1", "b1"), leads_to("b1", "a1"))}, "CFG-010", "schema_definition.header_fields[0]"),
    "a condition that leads to itself": ({**udf(key="a1"), **override(leads_to("a1", "a1"))}, "CFG-010",
                                         "schema_definition.header_fields[0]"),
    "a condition of a field that there isn't": (rule({"field": "nobody", "eq": "1"}), "CFG-007",
                                                "field_rules[0].condition"),
    "a condition that is a list": (rule([1]), "CFG-011", "field_rules[0].condition"),
    "a condition of 21 levels": (rule(nested(21)), "CFG-011", "field_rules[0].condition"),
    "a bomb of 5000 levels": (rule(nested(5000)), "CFG-020", "field_rules[0].condition"),
    "a bomb of parts": (rule({"all": [{"field": "ref_no", "eq": "A"}] * 10_000}), "CFG-020",
                        "field_rules[0].condition.all"),
    "charges in a circle": ({"charges": [{**CHARGE, "base": ["B1"]},
                                         {**CHARGE, "code": "B1", "sequence": 2, "base": ["A1"]}]}, "CFG-007",
                            "charges[0].base[0]"),
    "a charge on itself": (charge(base=["A1"]), "CFG-007", "charges[0].base[0]"),
    "a charge on nothing": (charge(base=[]), "CFG-012", "charges[0].base"),
    "a rate without end": (charge(rate="1e999"), "CFG-003", "charges[0].rate"),
    "a rate of no size": (charge(rate="1e-900"), "CFG-003", "charges[0].rate"),
    "a rate of a thousand decimals": (charge(rate="1." + "1" * 1000), "CFG-003", "charges[0].rate"),
    "a rate that is no number": (charge(rate="NaN"), "CFG-003", "charges[0].rate"),
    "an infinite rate": (charge(rate="-Infinity"), "CFG-003", "charges[0].rate"),
    "a rate that is true": (charge(rate=True), "CFG-003", "charges[0].rate"),
    "a rate below zero": (charge(rate="-13"), "CFG-020", "charges[0].rate"),
    "a width without end": ({"number_width": 10**30}, "CFG-020", "number_width"),
    "a width of 3000 digits": ({"number_width": "1" * 3000}, "CFG-003", "number_width"),
    "a million days and one": ({"back_date_days": 1_000_001}, "CFG-020", "back_date_days"),
    "rounding to nothing": ({"round_to": "0"}, "CFG-009", "round_to"),
    "decimals without end": (udf(field_type="number", decimals=50), "CFG-020", "udfs[0].decimals"),
    "a field as wide as the street": (udf(width=10**9), "CFG-020", "udfs[0].width"),
    "least above most": (udf(field_type="number", min="5", max="1"), "CFG-009", "udfs[0].min"),
    "a default of another type": (udf(field_type="number", default={"kind": "constant", "value": "abc"}), "CFG-016",
                                  "udfs[0].default"),
    "a default that is code": (udf(default={"kind": "exec", "value": "1"}), "CFG-016", "udfs[0].default"),
    "a token that reaches inside": ({"number_prefix": "{0.__class__}"}, "CFG-017", "number_prefix"),
    "a prefix of 3000 letters": ({"number_prefix": "X" * 3000}, "CFG-018", "number_prefix"),
    "a key that is no key of a keyboard": ({"shortcut": "<b>" * 9}, "CFG-003", "shortcut"),
    "a plain letter as a key": ({"shortcut": "A"}, "CFG-003", "shortcut"),
    "an account that there isn't": (charge(ledger="9999"), "CFG-007", "charges[0].ledger"),
    "an account that is inactive": (charge(ledger="6020"), "CFG-031", "charges[0].ledger"),
    "an account that is a group": (charge(ledger="6000"), "CFG-031", "charges[0].ledger"),
    "a warehouse that is inactive": ({"lines": {"default_warehouse": "COLD"}}, "CFG-031", "lines.default_warehouse"),
    "a warehouse that there isn't": ({"lines": {"default_warehouse": "MOON"}}, "CFG-007", "lines.default_warehouse"),
    "a template outside the house": ({"print_template": "../../etc/passwd"}, "CFG-007", "print_template"),
    "an approver who is nobody": ({"approval": [{"level": 1}]}, "CFG-021", "approval[0]"),
    "the level above all": ({"approval": [{"level": 10**9, "role": "admin"}]}, "CFG-020", "approval[0].level"),
}

DOCUMENTS: dict[str, tuple[Any, str]] = {
    "a list": ([], "CFG-003"), "nothing": (None, "CFG-003"), "a text": ("x" * 5000, "CFG-003"),
    "types that are an object": ({"voucher_types": {}}, "CFG-003"),
    "a type that is nothing": ({"voucher_types": [None]}, "CFG-003"),
    "a code that is a list": ({"voucher_types": [{"code": [1]}]}, "CFG-003"),
    "a code of SQL": ({"voucher_types": [{"code": "A';DROP TABLE x;--", "copy_of": "JOURNAL"}]}, "CFG-003"),
    "a code of 300 letters": ({"voucher_types": [{"code": "A" * 300, "copy_of": "JOURNAL"}]}, "CFG-003"),
    "a copy of a list": ({"voucher_types": [{"code": "A1B", "copy_of": ["x"]}]}, "CFG-022"),
    "a copy of an object": ({"voucher_types": [{"code": "A1B", "copy_of": {}}]}, "CFG-022"),
    "a type twice": ({"voucher_types": [{"code": "JOURNAL"}, {"code": "JOURNAL"}]}, "CFG-006"),
    "ten thousand types": ({"voucher_types": [{"code": "JOURNAL"}] * 10_000}, "CFG-020"),
    "another key": ({"voucher_types": [], "__proto__": {"a": 1}}, "CFG-002"),
}


@pytest.fixture(scope="module")
def books(cluster: Cluster, shop_template: str) -> Iterator[Trade]:
    """Books that no refused document may touch: compared at the end."""
    with trading(cluster, shop_template) as trade:
        with trade.admin() as connection:
            connection.execute("UPDATE erpdesk.account SET is_active = false WHERE code = '6020'")
            connection.execute("UPDATE erpdesk.warehouse SET is_active = false WHERE code = 'COLD'")
        before = trade.fingerprint()
        yield trade
        assert trade.changed_since(before) == set()


def faults_of(attempt: Any) -> list[tuple[str, str]]:
    """The refusal, and that it came soon, with sentences that one can read."""
    began = time.process_time()
    with pytest.raises(InvalidRequest) as caught:
        attempt()
    assert time.process_time() - began < SLOWEST_SECONDS
    assert all(len(fault.message) < 700 for fault in caught.value.faults)
    json.dumps([fault.as_json() for fault in caught.value.faults]).encode()
    return [(fault.code, fault.field) for fault in caught.value.faults]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_hostile_is_refused_with_its_path(books: Trade, name: str) -> None:
    columns, code, path = REFUSED[name]
    document = {"voucher_types": [{"code": SALES, **columns}]}
    configuration = books.books.configuration
    for attempt in (configuration.check_document, configuration.import_document):
        found = faults_of(lambda attempt=attempt: attempt(document))
        assert any(one == code and where.startswith(f"voucher_types[0].{path}") for one, where in found), found


@pytest.mark.parametrize("name", [name for name, (columns, _, _) in REFUSED.items() if "charges" not in columns])
def test_what_is_hostile_is_not_saved_either(books: Trade, name: str) -> None:
    columns, code, path = REFUSED[name]
    service = books.books.blueprint_versions
    whole = service.document(SALES)
    lines = columns.get("lines")
    wanted = {**whole, **columns, **({"lines": {**whole["lines"], **lines}} if isinstance(lines, dict) else {})}
    found = faults_of(lambda: service.save(wanted, 1))
    assert any(one == code and where.startswith(path) for one, where in found), found


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_is_no_configuration_is_refused(books: Trade, name: str) -> None:
    document, code = DOCUMENTS[name]
    found = faults_of(lambda: books.books.configuration.import_document(document))
    assert code in {one for one, _ in found}, found


@pytest.mark.parametrize(("text", "code"), [
    ('{"voucher_types": [' + "[" * 100_000 + "]" * 100_000 + "]}", "IMP-"),
    ('{"voucher_types": [{"code": "SALES_INVOICE", "round_to": 1e999999999}]}', "IMP-"),
    ('{"voucher_types": [{"code": "SALES_INVOICE", "label": "a\\u0000b"}]}', "IMP-"),
    ('{"voucher_types": [{"code": "SALES_INVOICE", "label": "\\ud800"}]}', "IMP-"),
    ('{"voucher_types": [{"code": "SALES_INVOICE", "label": "a", "label": "b"}]}', "IMP-"),
    ('{"voucher_types": [{"code": "SALES_INVOICE", "udfs": [{"key": "n", "label": "' + "N" * 200
     + '", "field_type": "text"}]}]}', "CFG-020"),
], ids=["a bomb of brackets", "a number without end", "NUL", "half a character", "a key twice", "a long label"])
def test_a_hostile_file_is_refused_by_the_command_line(books: Trade, tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "hostile.json"
    file.write_text(text, encoding="utf-8")
    ended = CommandLine(tmp_path / "home", books.database.url()).run("config", "import", "--org", "SHOP", file)
    assert ended.code == 1
    assert ended.rows[0]["code"].startswith(code), ended.out
    assert "Traceback" not in ended.err


def test_a_catastrophic_pattern_answers_at_once(shop: Trade) -> None:
    shop.books.configuration.import_document({"voucher_types": [{"code": SALES, **udf(regex="(a+)+$")}]})
    shop.books = shop.reopen()
    shop.buy("TEA", "10", "5")
    began = time.process_time()
    refused = shop.refuse(sale([goods("TEA", "1", "10")], udf={"x1": "a" * 5000 + "!"}))
    assert time.process_time() - began < SLOWEST_SECONDS
    assert refused.first.field == "udf.x1"


def test_the_largest_rate_is_refused_at_the_voucher_not_by_a_crash(shop: Trade) -> None:
    shop.books.configuration.import_document({"voucher_types": [{"code": SALES, **charge(rate="99999999999999")}]})
    shop.books = shop.reopen()
    shop.buy("TEA", "10", "5")
    refused = shop.refuse(sale([goods("TEA", "1", "99999999999")]))
    assert refused.kind == "invalid"
    assert {fault.code for fault in refused.faults} == {"VCH-004"}


def test_as_many_fields_as_are_allowed_post(shop: Trade) -> None:
    fields = [{**one, "label": "Field " + "m" * 80} for one in many(200)]
    shop.books.configuration.import_document({"voucher_types": [{"code": SALES, "udfs": fields}]})
    shop.books = shop.reopen()
    shop.buy("TEA", "10", "5")
    began = time.process_time()
    values = {f"f{number}": "value" for number in range(200)}
    done = shop.books.vouchers.post(sale([goods("TEA", "1", "10")], udf=values))
    assert isinstance(done, Ok), done
    assert time.process_time() - began < SLOWEST_SECONDS


def test_an_account_made_inactive_later_stops_the_next_change_but_not_others(shop: Trade) -> None:
    configuration = shop.books.configuration
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.account SET is_active = false WHERE code = '2130'")
    everything = configuration.document()
    assert {one.status for one in configuration.import_document(everything)} == {"unchanged"}
    configuration.import_document({"voucher_types": [{"code": "JOURNAL", "label": "Entry"}]})
    with pytest.raises(ErpdeskError) as caught:
        configuration.import_document({"voucher_types": [{"code": SALES, "label": "Bill"}]})
    assert caught.value.code == "CFG-031"
    off = {"code": "VAT", "is_active": False}
    configuration.import_document({"voucher_types": [{"code": SALES, "charges": [off]}]})


def test_a_version_kept_before_a_rule_was_made_is_still_posted_by(shop: Trade) -> None:
    """What was allowed once, such as a long label, stays readable for good."""
    shop.buy("TEA", "10", "5")
    with shop.admin() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("UPDATE erpdesk.blueprint_version b SET document = jsonb_set(document, '{label}', %s)"
                           " FROM erpdesk.voucher_config_master t WHERE t.id = b.voucher_config_id AND t.code = %s",
                           (json.dumps("L" * 500), SALES))
    shop.books = shop.reopen()
    done = shop.books.vouchers.post(sale([goods("TEA", "1", "10")]))
    assert not isinstance(done, Refused), done
    assert shop.books.blueprint_versions.versions(SALES)[0].version == 1
