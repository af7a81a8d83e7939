"""Kept documents of voucher types as the program of today writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.domain.results import InvalidRequest


def content_today(document: Mapping[str, Any]) -> dict[str, Any]:
    """A kept document with columns that came later at their defaults, without its version; one that makes no sense
    any more stays as it was."""
    from erpdesk.blueprints.blueprint import Blueprint

    try:
        whole = Blueprint.of_stored(document).to_document()
    except InvalidRequest:
        whole = dict(document)
    return {key: value for key, value in whole.items() if key != "version"}
