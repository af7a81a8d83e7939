"""Facts of vouchers that never were, on which a template is tried before it is saved."""

from __future__ import annotations

import json
from typing import Any

from erpdesk.settings import RESOURCES


def samples() -> list[dict[str, Any]]:
    """An invoice with everything, and a journal with as little as there can be; keys are those of real facts."""
    found: list[dict[str, Any]] = json.loads((RESOURCES / "print" / "samples.json").read_text(encoding="utf-8"))
    return found
