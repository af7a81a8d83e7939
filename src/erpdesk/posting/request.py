"""What a door asks of the posting engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from erpdesk.posting.context import PostingContext


@dataclass(frozen=True, slots=True)
class PostRequest:
    """What a door asks for. `voucher_id` and `row_version` name a draft that is known; `key` makes it once.

    `version` is the version of its type that the document was typed on (None: the current one, of a stored draft its
    own). `submit` asks for approval instead of posting, with a `comment` for those who decide.
    """

    document: Mapping[str, Any]
    key: str | None = None
    voucher_id: UUID | None = None
    row_version: int | None = None
    post: bool = True
    submit: bool = False
    comment: str = ""
    key_is_own: bool = False
    version: int | None = None
    context: PostingContext = field(default_factory=PostingContext)
