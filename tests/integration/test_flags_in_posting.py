"""Every column of configuration that posting follows: the same voucher before and after the turn, on real books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from erpdesk.domain.results import ErpdeskError, InvalidRequest, Ok
from helpers.posting_flags import CASES, JOURNAL, SALES, tea
from helpers.trading import Trade, journal

pytestmark = pytest.mark.usefixtures("books_replan")


def turned(shop: Trade, code: str, columns: Mapping[str, Any]) -> None:
    if columns:
        shop.books.configuration.import_document({"voucher_types": [{"code": code, **columns}]})
        shop.books = shop.reopen()


def done(shop: Trade, document: Mapping[str, Any]) -> Any:
    result = shop.books.vouchers.post(document)
    assert isinstance(result, Ok), result
    return result.value


@pytest.mark.parametrize("name", CASES)
def test_posting_follows_the_column(shop: Trade, name: str) -> None:
    code, first, turn, document, see, before, after = CASES[name]
    shop.buy("TEA", "50", "5")
    turned(shop, code, first)
    seen = [see(shop, done(shop, document))]
    turned(shop, code, turn)
    seen.append(see(shop, done(shop, document)))
    assert seen == [before, after]


@pytest.mark.parametrize(
    ("code", "columns", "path"),
    [
        (SALES, {"cost_source": "document"}, "cost_source"),
        (SALES, {"affects_gl": False}, "affects_gl"),
        ("GOODS_RECEIPT", {"use_grir": False}, "use_grir"),
        (SALES, {"use_grir": True}, "use_grir"),
        ("PURCHASE_RETURN", {"use_grir": True}, "use_grir"),
        (JOURNAL, {"opening": True}, "opening"),
    ],
)
@pytest.mark.turns("VoucherType.cost_source")
def test_a_word_that_posting_could_not_follow_is_refused(
    shop: Trade, code: str, columns: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        turned(shop, code, columns)
    assert [(fault.code, fault.field) for fault in caught.value.faults] == [("CFG-009", f"voucher_types[0].{path}")]


@pytest.mark.turns("VoucherType.is_active", "VoucherType.sort_order")
def test_a_type_is_listed_in_its_place_and_takes_vouchers_while_it_is_on(shop: Trade) -> None:
    turned(shop, JOURNAL, {"sort_order": 9999})
    assert shop.books.vouchers.types()[-1].code == JOURNAL
    turned(shop, JOURNAL, {"is_active": False})
    assert not shop.books.vouchers.types()[-1].is_active
    assert "VCH-007" in {fault.code for fault in shop.refuse(journal()).faults}


@pytest.mark.turns("VoucherType.prevent_duplicate_voucher_no")
def test_a_number_may_be_there_twice_only_where_that_is_allowed(shop: Trade) -> None:
    turned(shop, JOURNAL, {"numbering_method": "manual"})
    done(shop, journal(voucher_number="A"))
    assert shop.refuse(journal(voucher_number="A")).first.code == "NUM-001"
    turned(shop, JOURNAL, {"prevent_duplicate_voucher_no": False})
    done(shop, journal(voucher_number="A"))


@pytest.mark.turns("VoucherType.credit_check")
def test_a_limit_of_credit_holds_as_hard_as_the_type_says(shop: Trade) -> None:
    shop.buy("TEA", "50", "5")
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.party SET credit_limit = 1 WHERE code = 'C001'")
    turned(shop, SALES, {"credit_check": "off"})
    assert done(shop, tea()).warnings == ()
    turned(shop, SALES, {"credit_check": "warn"})
    assert [fault.code for fault in done(shop, tea()).warnings] == ["VCH-040"]
    turned(shop, SALES, {"credit_check": "block"})
    assert "VCH-040" in {fault.code for fault in shop.refuse(tea()).faults}


@pytest.mark.turns("VoucherType.opening")
def test_openings_are_posted_with_the_type_that_is_for_them(shop: Trade) -> None:
    from erpdesk.services.beginning import opening_type

    assert opening_type(shop.books.configuration.blueprints(), stock=True).code == "OPENING_STOCK"
    turned(shop, "OPENING_STOCK", {"opening": False})
    with pytest.raises(ErpdeskError):
        opening_type(shop.books.configuration.blueprints(), stock=True)


@pytest.mark.turns("VoucherType.print_template")
def test_a_template_is_one_that_there_is(shop: Trade) -> None:
    with pytest.raises(InvalidRequest):
        turned(shop, SALES, {"print_template": "gone"})
    turned(shop, SALES, {"print_template": "stock"})
