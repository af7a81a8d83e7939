"""How a window says that a key is being handled, so that posts beside it give way until it is painted."""

from __future__ import annotations

from erpdesk.storage.giving_way import key_painted, key_pressed

__all__ = ["key_painted", "key_pressed"]
