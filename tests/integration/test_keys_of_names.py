"""One rule makes two spellings the same, in Python and in the database; names of items and parties are their own."""

from __future__ import annotations

import threading
import unicodedata
from typing import Any

import psycopg
import pytest

from erpdesk.domain.keys import key_of
from helpers.migrations import migration
from helpers.trading import Trade, journal

BLANKS = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029\xa0\u3000"


def test_the_database_makes_the_key_of_every_character_as_python_does(shop: Trade) -> None:
    """Of characters that both know: Unicode grows, and a server may know more of it."""
    known = [chr(code) for code in range(1, 0x110000)
             if not 0xD800 <= code <= 0xDFFF and unicodedata.category(chr(code)) not in ("Cn", "Co")]
    known = [one for place, one in enumerate(known) if key_of(one) != one or place % 97 == 0]
    texts = [f"a{one}B" for one in known]
    with shop.admin() as connection:
        made = connection.execute("SELECT array_agg(erpdesk.key_of(t) ORDER BY place)"
                                  " FROM unnest(%s::text[]) WITH ORDINALITY AS x (t, place)", (texts,)).fetchall()[0][0]
    different = [one for one, key in zip(known, made, strict=True) if key != key_of(f"a{one}B")]
    assert different == []


@pytest.mark.parametrize("text", [
    "  Asha \t STORES ", "Straße", "ＡＢＣ", "ΑΣ", "ǅ", "a" + BLANKS + "b", "", "ﬁ İ", "ẞ-7"])
def test_the_database_makes_the_key_of_a_text_as_python_does(shop: Trade, text: str) -> None:
    assert shop.one("SELECT erpdesk.key_of(%s)", text) == key_of(text)


def test_the_key_of_a_number_is_made_by_the_database_whoever_writes_it(shop: Trade) -> None:
    shop.configure("JOURNAL", numbering_method="manual")
    shop.post(journal(voucher_number="Straße  7"))
    with shop.admin() as connection:
        draft = shop.save(journal(voucher_number="X-1"))
        connection.execute("UPDATE erpdesk.voucher SET voucher_number_key = 'another' WHERE id = %s",
                           (draft.voucher_id,))
    assert shop.rows("SELECT voucher_number_key FROM erpdesk.voucher ORDER BY 1") == [("strasse 7",), ("x-1",)]
    assert shop.books.vouchers.show(" STRASSE 7").facts["voucher_number"] == "Straße  7"


def imported(shop: Trade, **sections: Any) -> list[tuple[str, str | None]]:
    """Status and first code of each object."""
    return [(one.status, one.faults[0].code if one.faults else None)
            for one in shop.books.masters.import_masters(sections)]


@pytest.mark.parametrize(("section", "other"), [
    ("items", {"code": "TEA2", "name": " tea ", "uom": "PCS"}),
    ("parties", {"code": "C009", "name": "ASHA  stores", "kind": "customer"})])
def test_a_name_that_another_has_is_refused_without_regard_to_case(shop: Trade, section: str,
                                                                   other: dict[str, str]) -> None:
    assert imported(shop, **{section: [other]}) == [("refused", "MST-002")]


def test_names_of_accounts_may_be_alike(shop: Trade) -> None:
    accounts = [{"code": "6021", "name": "RENT", "parent": "6000", "type": "expense"}]
    assert imported(shop, accounts=accounts) == [("created", None)]


def test_of_two_desks_that_give_the_same_name_one_is_told(shop: Trade) -> None:
    with shop.admin() as first:
        first.execute("BEGIN")
        first.execute(_PARTY, ("Z1",))
        results: list[Any] = []
        desk = threading.Thread(target=lambda: results.append(imported(
            shop, parties=[{"code": "Z2", "name": "same name", "kind": "customer"}])))
        desk.start()
        shop.database.until_somebody_waits(unless=lambda: not desk.is_alive())
        first.execute("COMMIT")
        desk.join()
    assert results == [[("refused", "MST-002")]]


_PARTY = ("INSERT INTO erpdesk.party (organization_id, id, code, code_key, name, name_key, kind)"
          " SELECT id, gen_random_uuid(), %s, lower(%s), 'Same name', 'same name', 'customer' FROM erpdesk.organization"
          ).replace("lower(%s)", "gen_random_uuid()::text")


def test_names_that_were_there_twice_before_the_rule_stay_until_they_are_changed(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("ALTER TABLE erpdesk.party DROP CONSTRAINT uq_party_name")
        for code in ("OLD1", "OLD2"):
            connection.execute(_PARTY, (code,))
        names = migration("0008_own_names")
        for statement in (names.MARK, names.CONSTRAINT):
            connection.execute(statement.format(table="party").encode())
    assert shop.rows("SELECT code, name_is_shared FROM erpdesk.party WHERE code LIKE 'OLD%' ORDER BY code") == [
        ("OLD1", False), ("OLD2", True)]
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.party SET name = 'Own', name_key = 'own' WHERE code = 'OLD2'")
        with pytest.raises(psycopg.errors.ExclusionViolation):
            connection.execute("UPDATE erpdesk.party SET name = 'Same', name_key = 'same name' WHERE code = 'OLD2'")
