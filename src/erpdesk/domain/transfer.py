"""A transfer of goods: it leaves one place for another; the sentence is the same at posting and while it is typed."""

from __future__ import annotations

from erpdesk.domain.results import Fault, Step

TARGET = "to_warehouse"


def source_is_target(place: str) -> Fault:
    """One warehouse, or one bin, stands at both ends; at the target."""
    return Fault("INV-003", f"{place} is source and target", TARGET, Step.INVENTORY)
