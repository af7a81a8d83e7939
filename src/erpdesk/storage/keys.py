"""New ids, and the keys by which codes and names are compared."""

from __future__ import annotations

from uuid import UUID

from erpdesk.domain.keys import key_of as text_key

__all__ = ["new_id", "text_key"]


def new_id() -> UUID:
    """A UUIDv7: rises with time, so that rows made together lie together."""
    import uuid_utils

    return UUID(bytes=uuid_utils.uuid7().bytes)
