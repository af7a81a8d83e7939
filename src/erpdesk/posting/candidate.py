"""A configuration that isn't saved, as if it were: what posting a voucher of it would do. Nothing is written.

The books are asked as for every preview; only the blueprint, and what the server says of its type, are the candidate's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.domain.keys import key_of
from erpdesk.domain.organization import OrganizationInfo
from erpdesk.posting.preparation import Blueprints
from erpdesk.posting.preview import Preview, preview
from erpdesk.storage.keys import new_id
from erpdesk.storage.posting_calls import PostingCalls


class CandidateBlueprints(Blueprints):
    """The candidate, whatever is asked for; its type is there and switched on."""

    def __init__(self, organization: OrganizationInfo, candidate: Blueprint) -> None:
        super().__init__(organization)
        self._candidate = candidate

    def get(self, calls: PostingCalls, type_code: str, version: int | None = None) -> Blueprint:
        """The candidate."""
        return self._candidate

    def asks(self, request: dict[str, Any], blueprint: Blueprint) -> dict[str, Any]:
        """The price list is the candidate's, or none, whatever the stored type says."""
        price_list = blueprint.voucher_type.price_list
        return {**request, "type_price_list": key_of(price_list) if price_list else None}

    def type_as_seen(self, found: Mapping[str, Any] | None, blueprint: Blueprint) -> Mapping[str, Any]:
        """The candidate's type, stored or not."""
        known = found or {"id": str(new_id())}
        return {**known, "version": self._candidate.version, "is_active": True}


def preview_candidate(
    calls: PostingCalls, organization: OrganizationInfo, candidate: Blueprint, document: Mapping[str, Any]
) -> Preview:
    """The plan of a document under the candidate, as things stand."""
    return preview(calls, CandidateBlueprints(organization, candidate), {**document, "type": candidate.code})
