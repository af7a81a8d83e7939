"""Keys by which codes and names are compared (NFKC, case folded, without outer blanks), and new ids."""

from __future__ import annotations

import unicodedata
from uuid import UUID


def text_key(text: str) -> str:
    """The form in which two codes or names are the same."""
    folded = unicodedata.normalize("NFKC", text.strip()).casefold()
    return unicodedata.normalize("NFKC", folded)


def new_id() -> UUID:
    """A UUIDv7: rises with time, so that rows made together lie together."""
    import uuid_utils

    return UUID(bytes=uuid_utils.uuid7().bytes)
