"""Who posts, where from and on what ground: stored with audit and posting log."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from erpdesk import __version__
from erpdesk.storage.keys import new_id


@cache
def _host() -> str:
    return socket.gethostname()[:120]


@dataclass(frozen=True, slots=True)
class PostingContext:
    """Frozen and JSON-serializable. Actor and moment are the database's own and not in here."""

    correlation_id: UUID = field(default_factory=new_id)
    door: str = "program"
    host: str = field(default_factory=_host)
    program_version: str = __version__
    source_type: str | None = None
    source_id: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> PostingContext:
        """The context of a document: it says which document of which other system it comes from, if any."""
        kind, source = (document.get(key) for key in ("source_type", "source_id"))
        return cls(
            source_type=kind[:120] if isinstance(kind, str) else None,
            source_id=source[:120] if isinstance(source, str) else None,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values; metadata is limited to 20 entries of 200 characters."""
        few = {key[:60]: value[:200] for key, value in list(self.metadata.items())[:20]}
        return {
            "door": self.door,
            "host": self.host,
            "program_version": self.program_version,
            "source_type": self.source_type,
            "source_id": self.source_id,
            "metadata": few,
        }
