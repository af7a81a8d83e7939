"""The key of a name or code: what makes two spellings the same, made in Python, stored beside the text.

NFKC, trimmed, inner blanks folded to one, case folded: `"  Asha  STORES"` and `"asha stores"` share a key.
"""

from __future__ import annotations

import unicodedata


def code_and_name(code: str, name: str) -> str:
    """A master as people are told of it; a name that says no more than the code is left out."""
    return code if name.casefold() in ("", code.casefold()) else f"{code} {name}"


def key_of(text: str) -> str:
    """The comparison key of a code or name; empty for blank text."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())
