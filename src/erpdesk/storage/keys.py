"""New ids, and the keys by which codes and names are compared."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from erpdesk.domain.keys import key_of as text_key

__all__ = ["known_id", "new_id", "text_key"]

_REMEMBERED = 8192
"""Masters that one desk works with come again with every voucher."""


def new_id() -> UUID:
    """A UUIDv7: rises with time, so that rows made together lie together."""
    import uuid_utils

    return UUID(bytes=uuid_utils.uuid7().bytes)


@lru_cache(maxsize=_REMEMBERED)
def known_id(text: str) -> UUID:
    """The id that the server wrote as text."""
    return UUID(text)
