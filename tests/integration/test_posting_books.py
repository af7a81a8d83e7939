"""Each voucher type that posts writes the journal, balances, layers and open items that accounting asks for."""

from __future__ import annotations

import pytest

from helpers.trading import PLAIN, Trade, goods, journal, purchase, sale, transfer


def test_a_journal_debits_and_credits_what_was_typed(shop: Trade) -> None:
    made = shop.post(journal("100.00"))
    assert (made.status, made.voucher_number, made.total, made.cost) == ("POSTED", "JV/26-27/000001", "100.00", "0.00")
    assert shop.journal(made) == [("1110", "100"), ("3010", "-100")]
    assert shop.balances() == {"1110": "100", "3010": "-100"}


def test_a_journal_with_a_party_on_a_line_makes_an_open_item_and_moves_the_party(shop: Trade) -> None:
    made = shop.post({"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "1130", "party": "C001", "debit": "80.00"}, {"account": "4010", "credit": "80.00"}]})
    assert shop.journal(made) == [("1130/C001", "80"), ("4010", "-80")]
    assert shop.open_items("C001") == [("1130", "80", None)]
    assert shop.party_balance("C001") == "80"


def test_lines_of_one_account_that_differ_in_cost_centre_stay_apart(shop: Trade) -> None:
    made = shop.post({"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "6020", "debit": "30", "cost_centre": "CC1"}, {"account": "6020", "debit": "20"},
        {"account": "1110", "credit": "50"}]})
    assert shop.journal(made) == [("6020", "30"), ("6020", "20"), ("1110", "-50")]
    assert shop.rows("SELECT c.code, l.debit FROM erpdesk.journal_line l"
                     " JOIN erpdesk.cost_centre c ON c.id = l.cost_centre_id") == [("CC1", "30")]


@pytest.mark.parametrize(("type_code", "prefix", "header", "line", "expected"), [
    ("CASH_RECEIPT", "CR", "1110", "4010", [("1110", "40"), ("4010", "-40")]),
    ("CASH_PAYMENT", "CP", "1110", "6020", [("1110", "-40"), ("6020", "40")]),
    ("BANK_RECEIPT", "BR", "1120", "4010", [("1120", "40"), ("4010", "-40")]),
    ("BANK_PAYMENT", "BP", "1120", "6020", [("1120", "-40"), ("6020", "40")]),
    ("CASH_TRANSFER", "CT", "1110", "1120", [("1110", "-40"), ("1120", "40")]),
    ("BANK_TRANSFER", "BT", "1120", "1110", [("1120", "-40"), ("1110", "40")]),
])
def test_money_vouchers_move_the_header_account_against_their_lines(
        shop: Trade, type_code: str, prefix: str, header: str, line: str, expected: list[tuple[str, str]]) -> None:
    made = shop.post({"type": type_code, "date": "2026-04-02", "account": header,
                      "lines": [{"account": line, "amount": "40.00"}]})
    assert made.voucher_number == f"{prefix}/26-27/000001"
    assert made.total == "40.00"
    assert shop.journal(made) == expected


@pytest.mark.parametrize(("type_code", "party", "account", "side"), [
    ("DEBIT_NOTE", "S001", "5020", 1), ("CREDIT_NOTE", "C001", "4020", -1)])
def test_debit_and_credit_notes_stand_as_open_credits_of_the_party(
        shop: Trade, type_code: str, party: str, account: str, side: int) -> None:
    made = shop.post({"type": type_code, "date": "2026-04-02", "party": party,
                      "lines": [{"account": account, "amount": "25.50"}]})
    control = "2110" if party.startswith("S") else "1130"
    assert shop.journal(made) == [(f"{control}/{party}", f"{side * 25.5}"), (account, f"{side * -25.5}")]
    assert shop.party_balance(party) == f"{side * 25.5}"


def test_a_purchase_puts_discount_and_freight_into_stock_and_tax_on_its_own_account(shop: Trade) -> None:
    made = shop.post(purchase([goods("TEA", "10", "5.00")],
                              charges=[{"code": "VAT"}, {"code": "FREIGHT", "amount": "12.00"}]))
    assert (made.voucher_number, made.total, made.cost) == ("PI/26-27/000001", "70.06", "62.00")
    assert shop.journal(made) == [("2110/S001", "-70.06"), ("1140", "62"), ("1150", "8.06")]
    assert shop.stock("TEA") == ("10", "62")
    assert shop.layers("TEA") == [(None, "10", "62")]
    assert shop.open_items("S001") == [("2110", "-70.06", "2026-04-17")]
    assert shop.party_balance("S001") == "-70.06"


def test_freight_and_discount_are_split_over_lines_by_value_and_lose_nothing(shop: Trade) -> None:
    made = shop.post(purchase(
        [goods("TEA", "1", "100"), goods("ICE", "1", "100"),
         goods("OIL", "1", "100")],
        charges=[{"code": "DISC", "amount": "50.00"}, {"code": "FREIGHT", "amount": "0.01"}]))
    # DISC 16.67, 16.66, 16.67 and FREIGHT 0.00, 0.01, 0.00: cumulative shares of each charge by itself.
    assert [shop.stock(item)[1] for item in ("TEA", "ICE", "OIL")] == ["83.33", "83.35", "83.33"]
    assert shop.journal(made) == [("2110/S001", "-282.51"), ("1140", "166.66"), ("1145", "83.35"), ("1150", "32.5")]


def test_a_sale_books_price_tax_and_the_cost_of_the_first_layers(shop: Trade) -> None:
    shop.buy("TEA", "10", "5.00", "2026-04-02")
    shop.buy("TEA", "10", "6.00", "2026-04-03")
    made = shop.post(sale([goods("TEA", "12", "15")], charges=[{"code": "DISC", "amount": "10"}]))
    assert (made.voucher_number, made.total, made.cost) == ("SI/26-27/000001", "192.10", "62.00")
    assert shop.journal(made) == [
        ("1130/C001", "192.1"), ("4010", "-180"), ("5010", "62"), ("1140", "-62"), ("6010", "10"), ("2130", "-22.1")]
    assert shop.layers("TEA") == [(None, "8", "48")]
    assert shop.stock("TEA") == ("8", "48")
    assert shop.open_items("C001") == [("1130", "192.1", "2026-05-10")]


def test_a_sale_of_a_weighted_average_item_takes_the_average_and_the_last_part_takes_the_rest(shop: Trade) -> None:
    shop.buy("OIL", "3", "10.00", "2026-04-02")
    shop.buy("OIL", "4", "12.50", "2026-04-03")  # 7 kg for 80.00
    assert shop.sell("OIL", "2").cost == "22.86"
    assert shop.stock("OIL") == ("5", "57.14")
    assert shop.sell("OIL", "5").cost == "57.14"
    assert shop.stock("OIL") == ("0", "0")
    assert shop.layers("OIL") == []


def test_a_party_with_an_account_of_its_own_is_booked_there(shop: Trade) -> None:
    shop.buy("TEA", "1", "5")
    made = shop.post(sale([goods("TEA", "1", "15")], party="C002", **PLAIN))
    assert shop.journal(made)[0] == ("1135/C002", "15")
    assert shop.open_items("C002") == [("1135", "15", None)]


def test_items_that_are_not_stocked_are_expense_when_bought_and_income_when_sold(shop: Trade) -> None:
    bought = shop.post(purchase([goods("REPAIR", "1", "50"), goods("TEA", "1", "50")],
                                charges=[{"code": "FREIGHT", "amount": "10"}]))
    assert shop.journal(bought) == [("2110/S001", "-124.3"), ("1140", "55"), ("5010", "55"), ("1150", "14.3")]
    assert bought.cost == "55.00"
    sold = shop.post(sale([goods("REPAIR", "1", "80"), goods("TEA", "1", "70")],
                          **PLAIN))
    assert shop.journal(sold) == [("1130/C001", "150"), ("4010", "-150"), ("5010", "55"), ("1140", "-55")]


def test_a_transfer_keeps_cost_and_joins_the_end_of_the_target_queue(shop: Trade) -> None:
    shop.buy("TEA", "10", "5.00", "2026-04-02")
    shop.buy("TEA", "10", "6.00", "2026-04-03")
    shop.buy("TEA", "5", "9.00", "2026-04-04", warehouse="SHOP")
    made = shop.post(transfer([goods("TEA", "15")], date="2026-04-03"))
    assert (made.voucher_number, made.total, made.cost) == ("ST/26-27/000001", "80.00", "80.00")
    assert shop.journal(made) == []
    assert shop.layers("TEA") == [(None, "5", "30")]
    assert shop.layers("TEA", "SHOP") == [(None, "10", "50"), (None, "5", "30"), (None, "5", "45")]
    assert shop.one("SELECT count(DISTINCT transfer_id) FROM erpdesk.stock_movement WHERE transfer_id IS NOT NULL") == 2


def test_a_transfer_keeps_the_batch_and_the_origin_of_each_part(shop: Trade) -> None:
    shop.buy("PILL", "10", "5.00", batch="B1")
    shop.buy("PILL", "10", "6.00", batch="B2")
    shop.post(transfer([goods("PILL", "12")]))
    assert shop.layers("PILL", "SHOP") == [("B1", "10", "50"), ("B2", "2", "12")]
    assert shop.batches("PILL") == {"B2": "8"}
    assert shop.batches("PILL", "SHOP") == {"B1": "10", "B2": "2"}
    assert shop.one("SELECT count(*) FROM erpdesk.stock_layer l"
                    " JOIN erpdesk.stock_layer o ON o.id = l.origin_layer_id") == 2


def test_a_transfer_of_a_weighted_average_item_moves_value_at_the_average(shop: Trade) -> None:
    shop.buy("SYRUP", "4", "10.00", batch="B1")
    shop.buy("SYRUP", "4", "12.50", batch="B2")
    made = shop.post(transfer([goods("SYRUP", "6")]))
    assert made.cost == "67.50"
    assert shop.stock("SYRUP") == ("2", "22.5")
    assert shop.stock("SYRUP", "SHOP") == ("6", "67.5")
    assert shop.batches("SYRUP") == {"B2": "2"}
    assert shop.batches("SYRUP", "SHOP") == {"B1": "4", "B2": "2"}


def test_a_transfer_into_a_warehouse_with_an_inventory_account_of_its_own_is_journalled(shop: Trade) -> None:
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.warehouse SET inventory_account_id ="
                           " (SELECT id FROM erpdesk.account WHERE code = '1145') WHERE code = 'COLD'")
    shop.buy("TEA", "10", "5.00")
    made = shop.post(transfer([goods("TEA", "4")], to_warehouse="COLD"))
    assert shop.journal(made) == [("1145", "20"), ("1140", "-20")]
    assert shop.balances()["1145"] == "20"


def test_lines_may_name_warehouses_of_their_own(shop: Trade) -> None:
    shop.post(purchase([goods("TEA", "3", "5"), goods("TEA", "4", "5", warehouse="SHOP")],
                       **PLAIN))
    assert (shop.stock("TEA"), shop.stock("TEA", "SHOP")) == (("3", "15"), ("4", "20"))
    sold = shop.post(sale([goods("TEA", "3", "9"), goods("TEA", "1", "9", warehouse="SHOP")],
                          **PLAIN))
    assert sold.cost == "20.00"
    assert (shop.stock("TEA"), shop.stock("TEA", "SHOP")) == (("0", "0"), ("3", "15"))


def test_a_receipt_makes_the_batches_it_names_with_their_dates(shop: Trade) -> None:
    shop.buy("PILL", "10", "5", batch="B1", manufactured="2026-01-01", expires="2027-01-01")
    assert shop.rows("SELECT code, manufactured_on::text, expires_on::text FROM erpdesk.batch") == [
        ("B1", "2026-01-01", "2027-01-01")]
    shop.buy("PILL", "5", "6", batch=" b1 ")
    assert shop.one("SELECT count(*) FROM erpdesk.batch") == 1
    assert shop.batches("PILL") == {"B1": "15"}


def test_two_lines_of_one_new_batch_make_it_once(shop: Trade) -> None:
    shop.post(purchase([goods("PILL", "1", "5", batch="N"), goods("PILL", "2", "6", batch="n")],
                       **PLAIN))
    assert shop.layers("PILL") == [("N", "1", "5"), ("N", "2", "12")]
    assert shop.batches("PILL") == {"N": "3"}


def test_a_named_batch_is_taken_and_no_other(shop: Trade) -> None:
    shop.buy("PILL", "10", "5", batch="B1")
    shop.buy("PILL", "10", "6", batch="B2")
    assert shop.sell("PILL", "4", batch="B2").cost == "24.00"
    assert shop.layers("PILL") == [("B1", "10", "50"), ("B2", "6", "36")]


def test_fefo_takes_the_batch_that_expires_first_and_undated_ones_last(shop: Trade) -> None:
    shop.buy("DRUG", "5", "1", batch="UNDATED")
    shop.buy("DRUG", "5", "2", batch="LATE", expires="2027-12-01")
    shop.buy("DRUG", "5", "3", batch="SOON", expires="2026-12-01")
    assert shop.sell("DRUG", "7").cost == "19.00"
    assert shop.batches("DRUG") == {"LATE": "3", "UNDATED": "5"}


def test_alternate_units_convert_by_their_exact_ratio(shop: Trade) -> None:
    shop.buy("TEA", "2", "60", uom="BOX")
    assert shop.stock("TEA") == ("24", "120")
    made = shop.post(sale([goods("TEA", "1", "170", uom="BOX"), goods("TEA", "1", "15")],
                          **PLAIN))
    assert (made.total, made.cost) == ("185.00", "65.00")
    assert shop.stock("TEA") == ("11", "55")


def test_free_quantity_enters_and_leaves_stock_at_no_price(shop: Trade) -> None:
    made = shop.post(purchase([goods("TEA", "10", "6", free_quantity="2")], **PLAIN))
    assert (made.total, shop.stock("TEA")) == ("60.00", ("12", "60"))
    sold = shop.post(sale([goods("TEA", "5", "10", free_quantity="1")], **PLAIN))
    assert (sold.total, sold.cost) == ("50.00", "30.00")
    assert shop.stock("TEA") == ("6", "30")


def test_line_discounts_round_once_a_line_half_up(shop: Trade) -> None:
    made = shop.post(purchase([goods("OIL", "1.333", "7.77", discount_percent="2.5", discount_amount="0.01"),
                               goods("OIL", "0.5", "0.01")], **PLAIN))
    # 1.333 × 7.77 × 0.975 − 0.01 = 10.08849… and 0.005, which rounds away from zero
    assert made.total == "10.10"
    assert shop.rows("SELECT line_amount FROM erpdesk.voucher_line ORDER BY line_number") == [("10.09",), ("0.01",)]


def test_a_missing_rate_comes_from_the_named_list_then_from_the_party(shop: Trade) -> None:
    shop.buy("TEA", "50", "5")
    named = shop.post(sale([goods("TEA", "1"), goods("TEA", "1", uom="BOX")],
                           price_list="RETAIL", **PLAIN))
    assert named.total == "185.00"
    assert shop.post(sale([goods("TEA", "1")], party="C002", **PLAIN)).total == "14.00"
    assert shop.post(sale([goods("TEA", "1")], party="C002", price_list="RETAIL",
                          **PLAIN)).total == "15.00"
    refused = shop.refuse(sale([goods("TEA", "1")], **PLAIN))
    assert (refused.first.code, refused.first.field) == ("VCH-012", "lines[0].rate")


def test_the_net_amount_rounds_to_a_step_with_the_difference_on_round_off(shop: Trade) -> None:
    shop.configure("SALES_INVOICE", round_to=1)
    shop.buy("TEA", "9", "5")
    up = shop.post(sale([goods("TEA", "1", "15.50")], **PLAIN))
    assert (up.total, shop.journal(up)[:2]) == ("16.00", [("1130/C001", "16"), ("4010", "-15.5")])
    assert shop.balances()["6030"] == "-0.5"
    down = shop.post(sale([goods("TEA", "1", "15.30")]))  # 15.30 + 1.99 VAT
    assert down.total == "17.00"
    assert shop.balances()["6030"] == "-0.21"


def test_goods_at_no_price_beside_priced_ones_come_in_without_value(shop: Trade) -> None:
    made = shop.post(purchase([goods("TEA", "3", "0"), goods("ICE", "1", "5")],
                              **PLAIN))
    assert (made.total, shop.stock("TEA"), shop.stock("ICE")) == ("5.00", ("3", "0"), ("1", "5"))
    assert shop.sell("TEA", "2").cost == "0.00"


def test_blank_and_zero_lines_beside_real_ones_do_nothing(shop: Trade) -> None:
    made = shop.post({"type": "JOURNAL", "date": "2026-04-02", "lines": [
        {"account": "1110", "debit": "5"}, {"account": "6020", "debit": "0"}, {"account": "3010", "credit": "5"}]})
    assert shop.journal(made) == [("1110", "5"), ("3010", "-5")]
