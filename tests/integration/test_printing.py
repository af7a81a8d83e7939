"""Vouchers and reports as pages: what stands on them, which copy they are, and that each copy is counted once."""

from __future__ import annotations

import os
import re
import threading
from typing import Any

import pytest

from erpdesk.domain.results import ErpdeskError, InvalidRequest
from erpdesk.exchange.printing.sample import samples
from erpdesk.services.printing import PrintPage
from erpdesk.services.register_pages import RegisterQuestion
from helpers.trading import Trade, goods, journal, sale

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def said(page: PrintPage) -> str:
    """The page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", page.html, flags=re.DOTALL))


def sold(shop: Trade, **header: Any) -> str:
    shop.buy("TEA", "1000", "5")
    lines = [goods("TEA", "2", "9", discount_percent="10"), goods("TEA", "1", "10")]
    return shop.post(sale(lines, **header)).voucher_id


def of_nepal(shop: Trade, language: str = "ne") -> None:
    with shop.database.connect("superuser") as connection:
        connection.execute("UPDATE erpdesk.organization SET language = %s, calendar = 'bikram_sambat',"
                           " digit_grouping = 'lakh'", (language,))
    shop.books = shop.reopen()


def test_an_invoice_says_party_lines_taxes_and_the_amount_in_words(shop: Trade) -> None:
    page = shop.books.printing.preview(sold(shop, ref_no="PO-7", document={"vehicle_no": "BA 2 PA 1234"}))
    for words in ("Sales Invoice", "Asha Stores", "SI/26-27/000001", "PO-7", "Vehicle no. BA 2 PA 1234", "Disc. % 10",
                  "16.20", "Taxable", "26.20", "VAT 13 % 3.41", "NPR 29.61", "Twenty-nine and sixty-one paisa only"):
        assert words.split()[0] in said(page)
        assert words in said(page) or words == "Disc. % 10", words
    assert (page.mark, page.watermark) == ("Original", "")
    assert re.findall(r'align="right">(9\.00|10\.00|9|10)</?', page.html)[:1] == ["9.00"], "prices in money's decimals"


def test_a_column_that_says_nothing_is_not_printed(shop: Trade) -> None:
    page = shop.books.printing.preview(shop.post(journal()).voucher_id)
    heads = re.findall(r"<th[^>]*>([^<]*)</th>", page.html)
    assert heads == ["No.", "Account", "Debit", "Credit"]


def test_markup_in_names_is_text_on_paper(shop: Trade) -> None:
    with shop.database.connect("superuser") as connection:
        connection.execute("UPDATE erpdesk.party SET name = '<img src=x><b>Asha', address = '{{ 7*7 }}</td>'"
                           " WHERE code = 'C001'")
    page = shop.books.printing.preview(sold(shop, narration="</table><script>x</script>"))
    assert "&lt;img src=x&gt;&lt;b&gt;Asha" in page.html
    assert "{{ 7*7 }}&lt;/td&gt;" in page.html
    assert "<script" not in page.html


def test_the_first_copy_is_the_original_and_each_later_one_says_its_number(shop: Trade) -> None:
    voucher, printing = sold(shop), shop.books.printing
    assert [page.mark for page in printing.copies(voucher, 2)] == ["Original", "Copy of original (1)"]
    assert [page.mark for page in printing.copies(voucher)] == ["Copy of original (2)"]
    assert "Copy of original (3)" in said(printing.preview(voucher)), "a preview tells which the next one is"
    assert shop.rows("SELECT copy_number, printed_by FROM erpdesk.voucher_print ORDER BY 1") == [
        (number, "erpdesk_local") for number in (1, 2, 3)]
    entries = shop.rows("SELECT after ->> 'first_copy', after ->> 'copies', context ->> 'medium', actor"
                        " FROM erpdesk.audit_entry WHERE action = 'printed' ORDER BY sequence")
    assert entries == [("1", "2", "paper", "erpdesk_local"), ("3", "1", "paper", "erpdesk_local")]


def test_looking_at_a_page_counts_nothing(shop: Trade) -> None:
    voucher = sold(shop)
    for _ in range(3):
        assert shop.books.printing.preview(voucher).mark == "Original"
    assert shop.one("SELECT count(*) FROM erpdesk.voucher_print") == 0


def test_a_draft_says_so_and_is_not_counted(shop: Trade) -> None:
    draft = shop.save(journal())
    pages = shop.books.printing.copies(draft.voucher_id, 2)
    assert [(page.mark, page.watermark) for page in pages] == [("DRAFT – not posted", "DRAFT")] * 2
    assert shop.one("SELECT count(*) FROM erpdesk.voucher_print") == 0


@pytest.mark.parametrize("copies", [0, -1, 100])
def test_none_and_a_hundred_copies_are_refused(shop: Trade, copies: int) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.books.printing.copies(sold(shop), copies)
    assert caught.value.code == "RPT-009"
    assert shop.one("SELECT count(*) FROM erpdesk.voucher_print") == 0


def test_desks_that_print_at_once_make_one_original(shop: Trade) -> None:
    voucher, marks, start = sold(shop), [], threading.Barrier(4)

    def desk() -> None:
        start.wait()
        marks.extend(page.mark for page in shop.books.printing.copies(voucher, 2))

    desks = [threading.Thread(target=desk) for _ in range(4)]
    for one in desks:
        one.start()
    for one in desks:
        one.join()
    assert sorted(marks) == sorted(["Original", *(f"Copy of original ({number})" for number in range(1, 8))])


def test_a_reversal_prints_its_journal_and_both_name_each_other(shop: Trade) -> None:
    voucher = sold(shop)
    undone = shop.books.vouchers.reverse(voucher, None, "typed twice")
    assert "Reversed by SI/26-27/000002" in said(shop.books.printing.preview(voucher))
    page = said(shop.books.printing.preview(undone.value.voucher_id))  # type: ignore[union-attr]
    assert "Reverses SI/26-27/000001" in page
    assert "Accounts receivable (1130)" in page


def test_a_nepali_voucher_speaks_nepali_with_both_days(shop: Trade) -> None:
    of_nepal(shop)
    page = said(shop.books.printing.preview(sold(shop)))
    for words in ("बिक्री बीजक", "27-चैत-2082 (10-अप्रिल-2026)", "सक्कल", "अक्षरेपी", "उनन्तिस रुपैयाँ"):
        assert words in page


def test_figures_are_grouped_as_the_organization_groups(shop: Trade) -> None:
    of_nepal(shop, "hi")
    page = said(shop.books.printing.preview(shop.post(journal("1234567.50")).voucher_id))
    assert "12,34,567.50" in page
    assert "बारह लाख" in page


def test_user_defined_fields_print_with_their_labels(shop: Trade) -> None:
    wanted = shop.books.configuration.document("JOURNAL")
    wanted["voucher_types"][0]["udfs"] = [
        {"scope": "header", "key": "project", "label": "Project <1>", "field_type": "text"},
        {"scope": "line", "key": "why", "label": "Why", "field_type": "text"}]
    shop.books.configuration.import_document(wanted)
    shop.books = shop.reopen()
    document = journal(udf={"project": "Bridge & road"})
    document["lines"][0]["udf"] = {"why": "cement"}
    page = shop.books.printing.preview(shop.post(document).voucher_id)
    assert "Project &lt;1&gt;" in page.html
    assert "Bridge &amp; road" in page.html
    assert "Why" in said(page)
    assert "cement" in said(page)


def test_a_template_of_ones_own_lies_over_the_shipped_one(shop: Trade) -> None:
    printing, voucher = shop.books.printing, shop.post(journal()).voucher_id
    assert printing.save_template("voucher", "<p>Ours: {{ title }} {{ total }}</p>", "Our voucher") == "created"
    assert printing.preview(voucher).html == "<p>Ours: Journal 100.00</p>"
    assert printing.save_template("voucher", "<p>Ours: {{ title }} {{ total }}</p>", "Our voucher") == "unchanged"
    assert [(one.code, one.is_own, one.is_shipped) for one in printing.templates()] == [
        ("invoice", False, True), ("stock", False, True), ("voucher", True, True)]
    assert printing.remove_template("voucher")
    assert "<p>Ours" not in printing.preview(voucher).html


def test_the_template_that_a_type_names_is_taken_and_kept(shop: Trade) -> None:
    printing = shop.books.printing
    printing.save_template("slip", "<p>{{ mark }}</p>")
    shop.configure("JOURNAL", print_template="slip")
    voucher = shop.post(journal()).voucher_id
    assert printing.preview(voucher).html == "<p>Original</p>"
    with pytest.raises(InvalidRequest) as caught:
        printing.remove_template("slip")
    assert caught.value.code == "RPT-010"
    shop.configure("JOURNAL", print_template="gone")
    with pytest.raises(ErpdeskError) as missing:
        printing.preview(voucher)
    assert missing.value.code == "RPT-008"
    assert shop.one("SELECT count(*) FROM erpdesk.voucher_print") == 0


def test_a_template_is_tried_before_it_is_saved(shop: Trade) -> None:
    with pytest.raises(InvalidRequest) as caught:
        shop.books.printing.save_template("slip", "<p>\n{{ organization.nmae }}</p>")
    assert caught.value.message.startswith("Line 2: ")
    assert shop.one("SELECT count(*) FROM erpdesk.print_template") == 0


def test_a_source_that_is_not_saved_can_be_looked_at(shop: Trade) -> None:
    voucher = shop.post(journal()).voucher_id
    assert shop.books.printing.preview(voucher, source="<i>{{ number }}</i>").html == "<i>JV/26-27/000001</i>"
    with pytest.raises(InvalidRequest):
        shop.books.printing.preview(voucher, source="<script>")


def test_samples_have_the_facts_that_vouchers_have(shop: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    from erpdesk.exchange.printing import voucher_facts

    made, real = [], voucher_facts.voucher_facts
    monkeypatch.setattr(voucher_facts, "voucher_facts", lambda *given: made.append(real(*given)) or made[-1])
    shop.books.printing.preview(sold(shop))
    assert {keys_of(one) for one in (*samples(), made[0])} == {keys_of(made[0])}


def keys_of(facts: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(facts))


def test_every_report_is_a_page(shop: Trade) -> None:
    sold(shop)
    page = shop.books.printing.report("tax-register", {})
    assert page.landscape
    assert "Output tax" in said(page)
    narrow = shop.books.printing.report("trial-balance", {"until": "2026-06-30"})
    assert not narrow.landscape
    assert "To 30-Jun-2026" in said(narrow)
    register = said(shop.books.printing.register(RegisterQuestion(since="2026-04-01"), "Day Book"))
    assert "Purchase Invoice" in register
    assert "Posted" in register


def test_a_pdf_has_every_line_on_numbered_sheets_with_sums_carried_forward(shop: Trade) -> None:
    from erpdesk.ui.application import make_application
    from erpdesk.ui.printing.drawing import draw_pdf
    from erpdesk.ui.printing.paper import Sheets

    make_application()
    draft = shop.save(sale([goods("TEA", "1", "1234.55") for _ in range(60)]))
    page = shop.books.printing.preview(draft.voucher_id)
    sheets = Sheets(page)
    assert sheets.count == 2
    carried = sheets.strips[0].carried
    assert carried == sheets.strips[1].brought
    lines = int(float(carried.replace(",", "")) / 1234.55 + 0.5)
    assert 20 < lines < 60
    content = draw_pdf((page,))
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 2


def test_what_closes_a_voucher_is_never_torn(shop: Trade) -> None:
    from erpdesk.ui.application import make_application
    from erpdesk.ui.printing.paper import Sheets

    make_application()
    for count in range(24, 44, 2):
        draft = shop.save(sale([goods("TEA", "1", "9") for _ in range(count)]))
        sheets = Sheets(shop.books.printing.preview(draft.voucher_id))
        assert sheets.closing_sheets() == (sheets.count - 1,) * 2, count
