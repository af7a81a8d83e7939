"""How a window says that a key is being handled, and its lanes that they work beside it: both give way."""

from __future__ import annotations

from erpdesk.storage.giving_way import key_painted, key_pressed, stay_behind_keys

__all__ = ["key_painted", "key_pressed", "stay_behind_keys"]
