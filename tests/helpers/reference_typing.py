"""The vouchers that keys are counted in (bar K1): what the typist presses, how often at most, and what comes of it.

One press or one chord is one key. The type is open and blank after the last save, the date carried. A master costs
three letters and Enter, a five-digit amount 6, a two-digit quantity 3, a rate 4.
"""

from __future__ import annotations

from typing import Any

ENTER, SAVE = "<Enter>", "<Ctrl+A>"


def line(*texts: str) -> list[str]:
    """Each text with its Enter."""
    return [key for text in texts for key in (text, ENTER)]


PAYMENT = [*line("ren", "12345"), SAVE]
JOURNAL = [*line("ren", "50000", "cas", "20000", "ban", "10000"), "cap", ENTER, SAVE]
PURCHASE = [*line("ter", "BILL-7"), *3 * line("pil", "12", "LOT-77", "4/27", "145"), SAVE]
SALE = [*line("bin"), *5 * line("soa", "12"), ENTER, "5%", ENTER, SAVE]
TRANSFER = [*line("mai", "bra"), *line("ric", "12", "oil", "24", "pil", "36", "sun", "48", "bas", "60"), SAVE]

CASES: dict[str, tuple[str, list[str], list[str], int, list[dict[str, Any]], Any]] = {
    "cash payment": ("CASH_PAYMENT", ["cas", ENTER, "ren", ENTER, "1", ENTER, SAVE], PAYMENT, 11,
                     [{"account": "6020", "amount": "12345"}], None),
    "journal": ("JOURNAL", [], JOURNAL, 35,
                [{"account": "6020", "debit": "50000"}, {"account": "1110", "credit": "20000"},
                 {"account": "1120", "credit": "10000"}, {"account": "3010", "credit": "20000.00"}], None),
    "purchase": ("PURCHASE_INVOICE", [], PURCHASE, 83,
                 3 * [{"item": "PILL", "quantity": "12", "batch": "LOT-77", "expires": "2027-04-30", "rate": "145",
                       "uom": "PCS"}], None),
    "sale": ("SALES_INVOICE", [], SALE, 45,
             5 * [{"item": "SOAP", "quantity": "12", "rate": "45.5", "uom": "PCS"}],
             [{"code": "DISC", "amount": "136.5"}]),
    "transfer": ("STOCK_TRANSFER", [], TRANSFER, 45,
                 [{"item": item, "quantity": quantity} for item, quantity in (
                     ("RICE", "12"), ("OIL1", "24"), ("PILL", "36"), ("OIL1", "48"), ("RICE", "60"))], None),
}


def count(keys: list[str]) -> int:
    """How many keys were pressed."""
    return sum(1 if key.startswith("<") else len(key) for key in keys)
