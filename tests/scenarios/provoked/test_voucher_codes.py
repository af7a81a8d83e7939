"""VCH-*: each code is provoked through the command line, and leaves the voucher as it was."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.terminal import Terminal
from helpers.trading import PLAIN, goods, journal, purchase, sale

provokes = pytest.mark.provokes


def told(answer: dict[str, Any]) -> tuple[str, str]:
    """Code and field."""
    return answer["code"], answer["field"]


@provokes("VCH-001")
def test_posting_a_posted_voucher_names_who_posted_it(terminal: Terminal) -> None:
    number = terminal.posted(journal("1"))["voucher_number"]
    ended = terminal.ask("voucher", "post", number)
    [answer] = ended.rows
    assert (ended.code, answer["kind"], answer["code"]) == (1, "conflict", "VCH-001")
    assert number in answer["message"]


@provokes("VCH-002")
def test_a_draft_that_another_desk_saves_meanwhile_is_not_posted_over(terminal: Terminal) -> None:
    [draft] = terminal.send(journal("3", idempotency_key="stale"), post=False)
    with terminal.trade.admin() as holder, holder.transaction():
        holder.execute("INSERT INTO erpdesk.idempotency_key (organization_id, key, content_hash, object_id)"
                       " SELECT id, 'stale', '', gen_random_uuid() FROM erpdesk.organization")
        with terminal.meanwhile("voucher", "post", draft["voucher_id"]) as ending:
            terminal.trade.save(journal("4", idempotency_key="stale"), voucher_id=draft["voucher_id"], row_version=1)
            holder.execute("ROLLBACK")
    [answer] = ending.result().rows
    assert (answer["kind"], answer["code"]) == ("conflict", "VCH-002")


@provokes("VCH-006")
def test_a_cancelled_draft_is_not_posted(terminal: Terminal) -> None:
    [draft] = terminal.send(journal("4"), post=False)
    assert terminal.ask("voucher", "cancel", draft["voucher_id"]).code == 0
    [answer] = terminal.ask("voucher", "post", draft["voucher_id"]).rows
    assert (answer["kind"], answer["code"]) == ("conflict", "VCH-006")


CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a voucher without lines": ({**journal(), "lines": []}, "VCH-003", "lines"),
    "an unknown key": (journal(colour="red"), "VCH-004", "colour"),
    "a voucher to follow that is not there": (
        {"type": "SALES_RETURN", "date": "2026-04-12", "party": "C001", "against": "SI/1", "lines": []},
        "VCH-005", "against"),
    "a type that is switched off": (
        {"type": "OPENING_BALANCE", "date": "2026-04-02", "lines": [{"account": "1110", "debit": "1"}]},
        "VCH-007", "type"),
    "a figure for a tax that is computed": (
        sale([goods("REPAIR", "1", "100")], charges=[{"code": "VAT", "amount": "12"}]), "VCH-008", "charges[0].amount"),
    "a discount above what it is taken from": (
        sale([goods("REPAIR", "1", "100")], charges=[{"code": "DISC", "amount": "100.01"}]), "VCH-009", "charges"),
    "a line discount above the line": (
        sale([goods("REPAIR", "1", "100", discount_amount="100.01")]), "VCH-009", "lines[0].discount_amount"),
    "a party that is not there": (sale([goods("REPAIR", "1", "9")], party="NOBODY"), "VCH-010", "party"),
    "a supplier on a sale": (sale([goods("REPAIR", "1", "9")], party="S001"), "VCH-011", "party"),
    "goods sold without a rate": (sale([goods("REPAIR", "1")]), "VCH-012", "lines[0].rate"),
    "a cost centre that is not there": (
        sale([goods("REPAIR", "1", "9", cost_centre="X")]), "VCH-013", "lines[0].cost_centre"),
    "a currency that is not there": (journal(currency="EUR", exchange_rate="130"), "VCH-050", "currency"),
    "a type that is not there": (journal(type="GIFT"), "VCH-017", "type"),
    "a branch that is not there": (journal(branch="MOON"), "VCH-018", "branch"),
    "a reversal that names nothing": ({"type": "REVERSAL", "of": "JV/1", "date": "2026-04-02", "reason": "x"},
                                      "VCH-005", "of"),
}


@pytest.mark.parametrize(("document", "code", "field"), [
    pytest.param(*case, id=name, marks=provokes(case[1])) for name, case in CASES.items()])
def test_a_document_is_refused_with_code_and_place(
        terminal: Terminal, document: dict[str, Any], code: str, field: str) -> None:
    before = terminal.trade.fingerprint()
    assert told(terminal.refused(document)) == (code, field)
    assert terminal.trade.changed_since(before) <= {"posting_log"}


@provokes("VCH-004")
def test_what_is_no_figure_is_told_what_would_be_one(terminal: Terminal) -> None:
    answer = terminal.refused(sale([{"item": "REPAIR", "quantity": True, "rate": "9"}]))
    assert answer["message"] == "lines[0].quantity must be text or a number, not true."


@provokes("VCH-014")
def test_a_type_that_is_changed_meanwhile_makes_the_post_a_conflict(terminal: Terminal) -> None:
    path = terminal.file([journal("5", idempotency_key="changed")])
    with terminal.trade.admin() as holder, holder.transaction():
        holder.execute("INSERT INTO erpdesk.idempotency_key (organization_id, key, content_hash, object_id)"
                       " SELECT id, 'changed', '', gen_random_uuid() FROM erpdesk.organization")
        with terminal.meanwhile("import", "vouchers", path, "--post") as ending:
            terminal.trade.configure("JOURNAL", label="Journal voucher")
            holder.execute("ROLLBACK")
    [answer] = ending.result().rows
    assert (answer["kind"], answer["code"], answer["retryable"]) == ("conflict", "VCH-014", True)
    assert terminal.send(journal("5", idempotency_key="changed"))[0]["ok"]


@provokes("VCH-015")
def test_a_key_is_not_used_for_another_content(terminal: Terminal) -> None:
    terminal.posted(journal("6", idempotency_key="once"))
    answer = terminal.refused(journal("7", idempotency_key="once"))
    assert (answer["kind"], *told(answer)) == ("conflict", "VCH-015", "idempotency_key")


@provokes("VCH-015")
def test_a_source_stands_for_one_content(terminal: Terminal) -> None:
    invoice = {**purchase([goods("TEA", "1", "5")], **PLAIN), "source_type": "shop", "source_id": "77"}
    first, again = terminal.posted(invoice), terminal.posted(invoice)
    assert (again["voucher_number"], again["replayed"]) == (first["voucher_number"], True)
    answer = terminal.refused({**invoice, "ref_no": "other"})
    assert (answer["kind"], *told(answer)) == ("conflict", "VCH-015", "source_id")
    assert answer["message"] == f"shop 77 was posted before as {first['voucher_number']}, with another content"


@provokes("VCH-015")
def test_the_key_of_a_settlement_stands_for_what_was_asked(terminal: Terminal) -> None:
    sold = terminal.posted(sale([goods("REPAIR", "1", "100")], party="D1", **PLAIN))["voucher_number"]
    terminal.posted({"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1110", "party": "D1", "amount": "60"})
    settle = ("settle", "--party", "D1", "--kind", "receivable", "--key", "set", "--amount")
    [first] = terminal.ask(*settle, "20").rows
    [again] = terminal.ask(*settle, "20").rows
    assert (first["ok"], again["voucher_number"], again["replayed"]) == (True, first["voucher_number"], True)
    ended = terminal.ask(*settle, "21")
    [answer] = ended.rows
    assert (ended.code, answer["kind"], *told(answer)) == (1, "conflict", "VCH-015", "idempotency_key")
    assert terminal.ask(*settle[:5], "--against", sold, "--amount", "40").code == 0


@provokes("VCH-010")
def test_nothing_is_settled_of_a_party_that_is_not_there(terminal: Terminal) -> None:
    [answer] = terminal.ask("settle", "--party", "NOBODY", "--kind", "receivable").rows
    assert (answer["kind"], *told(answer)) == ("invalid", "VCH-010", "party")


@provokes("VCH-005")
@pytest.mark.parametrize("command", ["preview", "validate", "post"])
def test_a_voucher_that_is_not_there_is_a_wrong_request(terminal: Terminal, command: str) -> None:
    ended = terminal.ask("voucher", command, "nope")
    [answer] = ended.rows
    assert (ended.code, answer["ok"], answer["kind"], *told(answer)) == (1, False, "invalid", "VCH-005", "voucher")


def receipt(number: str, amount: str, **more: Any) -> dict[str, Any]:
    """A receipt from C001 of that much against one voucher."""
    return {"type": "AR_RECEIPT", "date": "2026-05-02", "account": "1110", "party": "C001", "amount": amount,
            "allocations": [{"voucher_number": number, "amount": amount}], **more}


@provokes("VCH-019")
def test_no_more_is_allocated_than_is_open(terminal: Terminal) -> None:
    number = terminal.posted(sale([goods("REPAIR", "1", "100")], **PLAIN))["voucher_number"]
    assert told(terminal.refused(receipt(number, "100.01"))) == ("VCH-019", "allocations[0].amount")
    assert told(terminal.refused({**receipt(number, "10.00"), "amount": "9.99"})) == ("VCH-019", "amount")
    twice = [{"voucher_number": number, "amount": "5"}] * 2
    assert told(terminal.refused({**receipt(number, "10"), "allocations": twice})) == (
        "VCH-019", "allocations[1].voucher_number")
    ended = terminal.ask("settle", "--party", "C001", "--kind", "receivable", "--amount", "1")
    assert (ended.code, "VCH-019" in ended.out + ended.err) == (1, True)


@provokes("VCH-020")
def test_what_has_nothing_open_for_the_party_is_not_settled(terminal: Terminal) -> None:
    number = terminal.posted(sale([goods("REPAIR", "1", "100")], party="C002", **PLAIN))["voucher_number"]
    assert told(terminal.refused(receipt(number, "1"))) == ("VCH-020", "allocations[0].voucher_number")


@provokes("VCH-021", "VCH-022")
def test_only_lines_of_a_fitting_document_are_returned(terminal: Terminal) -> None:
    bought = terminal.posted(purchase([goods("TEA", "2", "5"), goods("TEA", "3", "6")], **PLAIN))["voucher_number"]
    back = {"type": "PURCHASE_RETURN", "date": "2026-04-20", "party": "S001", "warehouse": "MAIN", "against": bought}
    assert told(terminal.refused({**back, "type": "SALES_RETURN", "party": "C001", "lines": [goods("TEA", "1", "5")]})
                ) == ("VCH-021", "against")
    assert told(terminal.refused({**back, "lines": [goods("ICE", "1", "5")]})) == ("VCH-022", "lines[0].item")
    assert told(terminal.refused({**back, "lines": [goods("TEA", "1", "5")]})) == (
        "VCH-022", "lines[0].against_line")


@provokes("VCH-026")
def test_nothing_follows_what_is_not_there_yet(terminal: Terminal) -> None:
    bought = terminal.posted(purchase([goods("ICE", "2", "5")], date="2026-04-08", **PLAIN))["voucher_number"]
    landed = {"type": "LANDED_COST", "date": "2026-04-07", "receipts": [bought],
              "charges": [{"account": "2140", "amount": "1"}]}
    assert told(terminal.refused(landed)) == ("VCH-026", "date")
    terminal.posted({**landed, "date": "2026-04-08"})


@provokes("VCH-023")
def test_what_others_follow_is_not_reversed(terminal: Terminal) -> None:
    bought = terminal.posted(purchase([goods("ICE", "2", "5")], **PLAIN))["voucher_number"]
    back = terminal.posted({"type": "PURCHASE_RETURN", "date": "2026-04-20", "party": "S001", "warehouse": "MAIN",
                            "against": bought, "lines": [goods("ICE", "1", "5")]})["voucher_number"]
    [answer] = reversal(terminal, bought, "2026-04-21").rows
    assert answer["code"] == "VCH-023"
    assert back in answer["message"]


def reversal(terminal: Terminal, reference: str, day: str, reason: str = "typed twice") -> Any:
    """`voucher reverse`."""
    return terminal.ask("voucher", "reverse", reference, "--date", day, "--reason", reason)


@provokes("VCH-024", "VCH-025", "VCH-026", "VCH-027", "VCH-028")
def test_a_voucher_is_reversed_once_with_a_reason_and_not_before_its_day(terminal: Terminal) -> None:
    number = terminal.posted(journal("8", date="2026-04-05"))["voucher_number"]
    assert told(reversal(terminal, number, "2026-04-04").rows[0]) == ("VCH-026", "date")
    assert told(reversal(terminal, number, "2026-04-06", " ").rows[0]) == ("VCH-027", "reason")
    [draft] = terminal.send({"type": "REVERSAL", "of": number, "date": "2026-04-06", "reason": "x"}, post=False)
    assert told(draft) == ("VCH-028", "type")
    [mirror] = reversal(terminal, number, "2026-04-06").rows
    [again] = reversal(terminal, number, "2026-04-06").rows
    assert (again["kind"], *told(again)) == ("conflict", "VCH-024", "of")
    assert told(reversal(terminal, mirror["voucher_number"], "2026-04-07").rows[0]) == ("VCH-025", "of")


@provokes("VCH-040")
def test_a_party_at_its_limit_buys_no_more_where_the_type_blocks(terminal: Terminal) -> None:
    terminal.masters(parties=[{"code": "TIGHT", "name": "Tight", "kind": "customer", "credit_limit": "100"}])
    terminal.configure("SALES_INVOICE", credit_check="block")
    terminal.posted(sale([goods("REPAIR", "1", "100")], party="TIGHT", **PLAIN))
    answer = terminal.refused(sale([goods("REPAIR", "1", "0.01")], party="TIGHT", **PLAIN))
    assert told(answer) == ("VCH-040", "party")
    assert answer["faults"][0]["details"] == {"exposure": "100.01", "limit": "100.00"}


@provokes("VCH-056")
def test_cost_centres_that_do_not_come_to_their_line_are_refused(terminal: Terminal) -> None:
    document = journal("100.00")
    document["lines"][0]["cost_centres"] = [{"cost_centre": "CC1", "amount": "99.99"}]
    [answer] = terminal.send(document)
    assert told(answer) == ("VCH-056", "lines[0].cost_centres")
    assert answer["message"] == "The cost centres come to 99.99, the line to 100"
