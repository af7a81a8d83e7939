"""The document of another system that a voucher stands for: one source type and id is one voucher (decision 28).

Sent again with the same content it is that voucher, by whichever door and under whichever idempotency key; with another
content it is a conflict. A reversal opens the source again, and so does cancelling a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from erpdesk.domain.results import ConflictError
from erpdesk.posting.content import content_hash

_SENDER = frozenset({"idempotency_key", "source_type", "source_id"})
"""What says who sends, and how often, not what."""


def source_of(document: Mapping[str, Any]) -> tuple[str, str] | None:
    """Type and id of the source that a document names, blanks around them gone; None when it lacks either."""
    kind, number = (document.get(name) for name in ("source_type", "source_id"))
    if not (isinstance(kind, str) and isinstance(number, str) and kind.strip() and number.strip()):
        return None
    return kind.strip(), number.strip()


def _content_of(document: Mapping[str, Any]) -> str:
    return content_hash({name: value for name, value in document.items() if name not in _SENDER})


def sent_again(origin: Mapping[str, Any] | None, document: Mapping[str, Any]) -> bool:
    """Whether the voucher that a source has says what the document says."""
    return origin is not None and "document" in origin and _content_of(origin["document"]) == _content_of(document)


def first_of_source(
    origin: Mapping[str, Any] | None, document: Mapping[str, Any], own: UUID | None, replaced: UUID | None
) -> dict[str, Any] | None:
    """The posted voucher that stands for the document of another system that is sent again, as a result's facts.

    None where nothing has the source, or the very voucher that is saved or posted (`own`) does. Raises ConflictError
    VCH-015 when the source has a voucher that says something else, unless that is the one which this voucher replaces.
    """
    if origin is None or origin["id"] == str(own):
        return None
    if origin["status"] == "POSTED" and sent_again(origin, document):
        return {**origin, "voucher_id": origin["id"]}
    if origin["id"] == str(replaced):
        return None
    raise source_reuse(document, origin)


def source_reuse(document: Mapping[str, Any], origin: Mapping[str, Any]) -> ConflictError:
    """The refusal of a source that has another voucher."""
    source, number = " ".join(source_of(document) or ()), origin.get("voucher_number")
    message = f"{source} is a draft already, with another content"
    if number:
        message = f"{source} was posted before as {number}, with another content"
    elif "document" not in origin:
        message = f"{source} came before in another branch"
    facts = {name: origin[name] for name in ("id", "voucher_number", "status") if origin.get(name)}
    return ConflictError(
        "VCH-015",
        message,
        cure="Reverse the first voucher, or send the new one under a source id of its own.",
        field="source_id",
        details=facts,
    )
