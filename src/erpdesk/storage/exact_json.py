"""JSON between the program and the server: figures exact both ways, ids and days as text.

Written, a decimal is text, which PostgreSQL reads as the number it says; read, a number with a point is a Decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec


def _as_known(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


_encoder = msgspec.json.Encoder(enc_hook=_as_known)
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def json_text(value: Any) -> str:
    """The value as JSON text. Raises UnicodeEncodeError for text that is no Unicode."""
    return _encoder.encode(value).decode()


def from_json(text: str) -> Any:
    """What the JSON text says; whole numbers are integers."""
    return _decoder.decode(text)
