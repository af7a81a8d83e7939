"""One spelling for one content: canonical JSON and its SHA-256.

Keys sorted, no blanks, decimals in plain notation without trailing zeros: equal values hash equally whatever
order or spelling they came in.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import Any


def plain_decimal(value: Decimal) -> str:
    """Plain decimal notation without trailing zeros; minus zero is zero."""
    written = format(value, "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written


def canonical_json(value: Any) -> str:
    """JSON text of plain values, the same for the same content."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON of plain values."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()
