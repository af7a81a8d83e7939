"""Masters are created and changed by code, whole files at a time, each object with its own outcome."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from erpdesk.services.desk import Books
from erpdesk.services.masters import MasterResult
from helpers.database import Database
from helpers.shops import desk_of, open_shop

DOCUMENT: dict[str, Any] = {
    "warehouses": [{"code": "BRANCH", "name": "Branch store"}],
    "uoms": [{"code": "PCS", "decimals": "0"}, {"code": "CRATE"}],
    "tax_classes": [{"code": "FOOD"}],
    "cost_centres": [{"code": "CC2", "parent": "CC1"}, {"code": "CC1", "name": "Shop"}],
    "accounts": [{"code": "6020", "name": "Rent", "parent": "6000", "type": "expense"}],
    "item_groups": [{"code": "RICE", "inventory_account": "1140"}],
    "price_lists": [{"code": "RETAIL", "rates": [{"item": "ITEM1", "uom": "PCS", "rate": "15"}]}],
    "items": [
        {"code": "ITEM1", "name": "Test item", "uom": "PCS", "valuation": "fifo", "track_batch": True,
         "group": "RICE", "tax_class": "FOOD", "alternate_units": [{"uom": "CRATE", "factor": "12"}]},
    ],
    "parties": [
        {"code": "C001", "name": "Asha Stores", "kind": "customer", "credit_limit": "50000",
         "credit_days": "30", "price_list": "RETAIL"},
    ],
    "batches": [{"item": "ITEM1", "batch": "B1", "manufactured": "2026-01-01", "expires": "2027-01-01"}],
    "bins": [{"warehouse": "BRANCH", "code": "A-1"}],
}  # fmt: skip


@pytest.fixture
def books(database: Database) -> Books:
    return open_shop(database)


def statuses(results: list[MasterResult]) -> dict[str, str]:
    return {f"{result.noun} {result.key}": result.status for result in results}


def faults(results: list[MasterResult]) -> list[tuple[str, str]]:
    return [(fault.code, fault.field) for result in results for fault in result.faults]


def test_every_section_is_created_then_unchanged(books: Books) -> None:
    first = books.masters.import_masters(DOCUMENT)
    assert faults(first) == []
    assert statuses(first) == {
        "warehouse BRANCH": "created", "uom PCS": "updated", "uom CRATE": "created", "tax class FOOD": "created",
        "cost centre CC2": "created", "cost centre CC1": "created", "account 6020": "created",
        "item group RICE": "created", "price list RETAIL": "created", "item ITEM1": "created",
        "party C001": "created", "batch ITEM1/B1": "created", "bin BRANCH/A-1": "created",
    }  # fmt: skip
    assert [result.line for result in first] == list(range(1, 14))
    again = books.masters.import_masters(DOCUMENT)
    assert {result.status for result in again} == {"unchanged"}


def test_what_was_imported_is_offered_by_lookups(books: Books) -> None:
    books.masters.import_masters(DOCUMENT)
    (item,) = books.masters.lookup_rows("item")
    assert item.attributes["alternate_units"] == ({"uom": "CRATE", "factor": "12"},)
    assert (item.attributes["uom"], item.attributes["uom_decimals"], item.attributes["tax_class"]) == (
        "PCS", 0, "FOOD",
    )  # fmt: skip
    (party,) = books.masters.lookup_rows("party")
    assert (party.attributes["credit_limit"], party.attributes["price_list"]) == ("50000", "RETAIL")
    (batch,) = books.masters.lookup_rows("batch")
    assert (batch.attributes["item"], batch.attributes["expires"]) == ("ITEM1", "2027-01-01")


def test_keys_not_given_stay_as_they_are(books: Books) -> None:
    books.masters.import_masters(DOCUMENT)
    results = books.masters.import_masters({"parties": [{"code": "c001", "kind": "both"}]})
    assert statuses(results) == {"party c001": "updated"}
    (party,) = books.masters.lookup_rows("party")
    assert (party.code, party.name, party.attributes["kind"]) == ("C001", "Asha Stores", "both")


def test_null_clears_a_value(books: Books) -> None:
    books.masters.import_masters(DOCUMENT)
    books.masters.import_masters({"parties": [{"code": "C001", "kind": "customer", "credit_limit": None}]})
    assert books.masters.lookup_rows("party")[0].attributes["credit_limit"] is None


def test_alternate_units_given_are_all_there_are(books: Books) -> None:
    books.masters.import_masters(DOCUMENT)
    units = [{"uom": "BOX", "factor": "6"}]
    results = books.masters.import_masters(
        {"items": [{"code": "ITEM1", "uom": "PCS", "alternate_units": units}]}
    )
    assert statuses(results) == {"item ITEM1": "updated"}
    assert books.masters.lookup_rows("item")[0].attributes["alternate_units"] == (
        {"uom": "BOX", "factor": "6"},
    )


def test_good_objects_are_written_and_bad_ones_named_all_at_once(books: Books) -> None:
    results = books.masters.import_masters({
        "items": [
            {"code": "A", "uom": "PCS"},
            {"code": "B", "uom": "NOPE", "group": "NONE"},
            {"code": "a", "uom": "PCS"},
            {"code": "C", "uom": "PCS", "colour": "red"},
            {"code": "D", "uom": "PCS", "alternate_units": [{"uom": "PCS", "factor": "2"}]},
        ],
        "batches": [
            {"item": "B", "batch": "1"},
            {"item": "A", "batch": "1", "manufactured": "2026-02-30"},
            {"item": "A", "batch": "2", "manufactured": "2026-05-01", "expires": "2026-04-01"},
        ],
        "parties": [{"code": "P", "kind": "friend"}],
    })  # fmt: skip
    assert faults(results) == [
        ("IMP-013", "items[1].group"), ("IMP-013", "items[1].uom"), ("IMP-014", "items[2].code"),
        ("IMP-010", "items[3].colour"), ("IMP-014", "items[4].alternate_units[0].uom"),
        ("IMP-013", "batches[0].item"), ("IMP-011", "batches[1].manufactured"),
        ("IMP-011", "batches[2].expires"), ("IMP-011", "parties[0].kind"),
    ]  # fmt: skip
    assert [row.code for row in books.masters.lookup_rows("item")] == ["A"]


def test_names_of_items_and_parties_are_unique_without_regard_to_case(books: Books) -> None:
    books.masters.import_masters({"items": [{"code": "A", "name": "Rice", "uom": "PCS"}]})
    results = books.masters.import_masters({"items": [
        {"code": "B", "name": "RICE", "uom": "PCS"},
        {"code": "C", "name": "Oil", "uom": "PCS"},
        {"code": "D", "name": "oil", "uom": "PCS"},
    ]})  # fmt: skip
    assert faults(results) == [("MST-002", "items[0].name"), ("MST-002", "items[2].name")]


def test_names_may_be_swapped_in_one_file(books: Books) -> None:
    books.masters.import_masters({"items": [
        {"code": "A", "name": "Rice", "uom": "PCS"}, {"code": "B", "name": "Oil", "uom": "PCS"},
    ]})  # fmt: skip
    results = books.masters.import_masters({"items": [
        {"code": "A", "name": "Oil", "uom": "PCS"}, {"code": "B", "name": "Rice", "uom": "PCS"},
    ]})  # fmt: skip
    assert faults(results) == []


@pytest.mark.parametrize("document", [[], "x", None, {"itemz": []}, {"items": {}}])
def test_a_document_of_another_form_is_refused_whole(books: Books, document: Any) -> None:
    (result,) = books.masters.import_masters(document)
    assert not result.ok
    assert result.noun == "document"


def test_accounts_come_in_any_order_and_parents_become_groups(books: Books, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("code,name,parent,type\n6210,Diesel,6200,expense\n6200,Vehicles,6000,expense\n")
    results = books.masters.import_accounts(path)
    assert statuses(results) == {"account 6210": "created", "account 6200": "created"}
    accounts = {row.code: row for row in books.masters.lookup_rows("account")}
    assert accounts["6200"].attributes["is_group"]
    assert accounts["6210"].attributes["parent"] == "6200"


def test_account_trees_have_no_cycles_and_no_orphans(books: Books, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(
        "code,name,parent,type\nA,A,B,asset\nB,B,A,asset\nC,C,NONE,asset\nD,D,C,asset\n1000,Assets,1110,asset\n"
    )
    found = faults(books.masters.import_accounts(path))
    assert found == [
        ("IMP-015", "line 2.parent"), ("IMP-015", "line 3.parent"), ("IMP-013", "line 4.parent"),
        ("IMP-013", "line 5.parent"), ("IMP-015", "line 6.parent"),
    ]  # fmt: skip
    assert not {"A", "B", "C", "D"} & {row.code for row in books.masters.lookup_rows("account")}


def post(books: Books, document: dict[str, Any]) -> None:
    result = books.vouchers.import_one(document, post=True)
    assert result.kind == "ok", result


def test_what_the_books_rest_on_cannot_change(books: Books) -> None:
    books.masters.import_masters({
        "items": [{"code": "I", "uom": "PCS"}], "parties": [{"code": "S", "kind": "supplier"}],
        "accounts": [{"code": "6020", "name": "Rent", "parent": "6000", "type": "expense"}],
    })  # fmt: skip
    post(books, {"type": "PURCHASE_INVOICE", "date": "2026-04-02", "party": "S", "warehouse": "MAIN",
                 "lines": [{"item": "I", "quantity": "1", "rate": "5"}]})  # fmt: skip
    post(books, {"type": "JOURNAL", "date": "2026-04-02",
                 "lines": [{"account": "6020", "debit": "1"}, {"account": "1110", "credit": "1"}]})  # fmt: skip
    results = books.masters.import_masters({
        "items": [{"code": "I", "uom": "BOX", "valuation": "weighted_average"}],
        "accounts": [{"code": "6020", "type": "asset"}, {"code": "6021", "parent": "6020", "type": "expense"}],
    })  # fmt: skip
    assert sorted(faults(results)) == [
        ("MST-001", "accounts[0].type"), ("MST-001", "accounts[1].parent"), ("MST-001", "items[0].uom"),
        ("MST-001", "items[0].valuation"),
    ]  # fmt: skip
    renamed = books.masters.import_masters({"items": [{"code": "I", "uom": "PCS", "name": "New name"}]})
    assert statuses(renamed) == {"item I": "updated"}


def test_rights_are_asked_by_the_database(database: Database, books: Books) -> None:
    auditor = database.make_user("uma", ["auditor"])
    with database.connect("owner") as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " VALUES (%s, %s, 'auditor')", (books.organization.id, auditor.name))  # fmt: skip
    theirs = desk_of(database, auditor).books("SHOP")
    from erpdesk.domain.results import ForbiddenError

    with pytest.raises(ForbiddenError):
        theirs.masters.import_masters({"uoms": [{"code": "NEW"}]})


def test_statements_do_not_grow_with_the_file(database: Database, books: Books) -> None:
    from sqlalchemy import event

    engine = database_engine(books)
    counted: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: counted.append(given[2]))

    def statements(count: int, prefix: str) -> int:
        counted.clear()
        items = [{"code": f"{prefix}{number}", "uom": "PCS"} for number in range(count)]
        assert faults(books.masters.import_masters({"items": items})) == []
        return len(counted)

    assert statements(2, "A") == statements(2000, "B")


def database_engine(books: Books) -> Any:
    return books.masters._server.engine()


def test_lookup_of_an_unknown_kind_is_refused(books: Books) -> None:
    from erpdesk.domain.results import ErpdeskError

    with pytest.raises(ErpdeskError) as refused:
        books.masters.lookup_rows("planet")
    assert refused.value.code == "MST-006"


def test_every_lookup_kind_answers(books: Books) -> None:
    from erpdesk.storage.masters import KINDS

    assert {kind: type(books.masters.lookup_rows(kind)) for kind in KINDS} == dict.fromkeys(KINDS, tuple)
