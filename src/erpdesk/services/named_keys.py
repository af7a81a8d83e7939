"""Keys in texts of `resources/`: `{key:voucher.date}` names an action by context, whoever shows the text says its key.

Where nobody has keys of his own - on the command line, in documents - it is the key as shipped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache

from erpdesk.settings import RESOURCES

NAMED = re.compile(r"\{key:(\w+)\.(\w+)\}")
_SHIPPED = "tally"
_PRINTED = {"Return": "Enter", "PgDown": "PgDn"}


def with_keys(text: str, key_of: Callable[[str, str], str]) -> str:
    """The text with the keys that `key_of` says of context and action; what that doesn't know stands as it is."""
    return NAMED.sub(lambda found: key_of(found[1], found[2]) or found[0], text) if "{key:" in text else text


def with_shipped_keys(text: str) -> str:
    """The text with the keys as shipped."""
    return with_keys(text, lambda context, action: _shipped().get((context, action), ""))


@cache
def _shipped() -> Mapping[tuple[str, str], str]:
    content = json.loads((RESOURCES / "keys" / f"{_SHIPPED}.json").read_text(encoding="utf-8"))
    found: dict[tuple[str, str], str] = {}
    for context, rows in content["contexts"].items():
        for row in rows:
            key = "+".join(_PRINTED.get(part, part) for part in row["key"].split("+"))
            found.setdefault((context, row["action"]), key)
    return found
