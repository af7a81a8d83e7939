"""Databases from before get the values that lines hand on, where nothing has used them yet."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from unittest.mock import patch

from helpers.reference_shop import MORE
from helpers.trading import PLAIN, Trade, goods, purchase, sale

REVISION = Path(__file__).parents[2] / "migrations" / "versions" / "0026_value_of_source_lines.py"
VALUES = ("SELECT v.voucher_number, s.value FROM erpdesk.source_line s JOIN erpdesk.voucher v ON v.id = s.voucher_id"
          " ORDER BY v.posting_sequence")


def test_lines_that_nothing_used_are_worth_their_goods(shop: Trade) -> None:
    for code in ("GOODS_RECEIPT", "DELIVERY_NOTE"):
        shop.configure(code, is_active=True)
    shop.books.masters.import_masters(MORE)
    shop.buy("SAND", "1", "2")
    shop.sell("SAND", "5")
    shop.post({**purchase([goods("SAND", "10", "3")]), "type": "GOODS_RECEIPT", "date": "2026-04-12"})
    note = shop.post({**sale([goods("SAND", "4", "9")], date="2026-04-12"), "type": "DELIVERY_NOTE"})
    shop.post(sale([goods("SAND", "4", "9")], against=note.voucher_number, date="2026-04-13", **PLAIN))
    right = shop.rows(VALUES)
    specification = importlib.util.spec_from_file_location("revision", REVISION)
    assert specification is not None
    assert specification.loader is not None
    revision = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(revision)
    with shop.admin() as connection:
        connection.execute("UPDATE erpdesk.source_line SET value = value - 4 WHERE value = 30")
        connection.execute("UPDATE erpdesk.source_line SET value = 0 WHERE voucher_id ="
                           " (SELECT id FROM erpdesk.voucher ORDER BY posting_sequence DESC LIMIT 1)")
        assert shop.rows(VALUES) != right
        with patch.object(revision.op, "execute", connection.execute):
            revision.upgrade()
    assert shop.rows(VALUES) == right
