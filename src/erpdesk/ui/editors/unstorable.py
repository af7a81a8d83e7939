"""Characters that no field keeps: control characters, halves of characters, and marks that only end lines.

Everything else that people write is kept as it is: scripts from right to left with their marks, joiners, emoji.
"""

from __future__ import annotations

import re

_LINE_ENDS = "\r\n\u2028\u2029"
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def unstorable_in(text: str) -> bool:
    """Whether any of them is there."""
    return _UNSTORABLE.search(text) is not None


def without_unstorable(text: str) -> str:
    """The text without them."""
    return _UNSTORABLE.sub("", text)


def on_one_line(text: str) -> str:
    """Line ends and tabs as single blanks, none at the ends."""
    return re.sub(f"[\t{_LINE_ENDS}]+", " ", text.strip(f"\t{_LINE_ENDS}"))
