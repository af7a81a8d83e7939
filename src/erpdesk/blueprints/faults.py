"""Faults of a configuration document, gathered with the path of the offending element.

Paths read like `voucher_types[0].charges[2].rate`. Codes are catalogued in `resources/errors/cfg.json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from erpdesk.domain.results import Fault, InvalidRequest


class Cfg(StrEnum):
    """The codes of refused configuration."""

    UNKNOWN_FIELD_TYPE = "CFG-001"
    UNKNOWN_KEY = "CFG-002"
    WRONG_FORM = "CFG-003"
    UNKNOWN_WORD = "CFG-004"
    MISSING = "CFG-005"
    DUPLICATE = "CFG-006"
    UNKNOWN_REFERENCE = "CFG-007"
    BAD_REGEX = "CFG-008"
    CONTRADICTION = "CFG-009"
    CYCLE = "CFG-010"
    BAD_CONDITION = "CFG-011"
    CHARGE_FIGURE = "CFG-012"
    CHARGE_PLACE = "CFG-013"
    BATCH_RULE = "CFG-014"
    ENGINE_FIELD = "CFG-015"
    BAD_DEFAULT = "CFG-016"
    BAD_TEMPLATE = "CFG-017"
    NUMBER_TOO_LONG = "CFG-018"
    SAME_NUMBER = "CFG-019"
    OUT_OF_RANGE = "CFG-020"
    APPROVER = "CFG-021"
    UNKNOWN_TYPE = "CFG-022"
    BAD_OPTIONS = "CFG-023"
    COLUMN_PAIR = "CFG-024"
    CHANGED_MEANWHILE = "CFG-025"
    SAVED_SINCE = "CFG-026"
    NO_VERSION = "CFG-027"
    NOT_THERE = "CFG-028"
    NOT_OFFERED = "CFG-029"
    TOO_OLD = "CFG-030"
    UNUSABLE = "CFG-031"
    KEY_TAKEN = "CFG-032"


def joined(path: str, key: str | int) -> str:
    """The path of an element within the one at `path`."""
    if isinstance(key, int):
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key


@dataclass(slots=True)
class FaultList:
    """Faults found so far; reading goes on, so that all are reported at once."""

    found: list[Fault] = field(default_factory=list)

    def add(self, code: Cfg, path: str, message: str) -> None:
        """One more fault at `path`."""
        self.found.append(Fault(str(code), message, path))

    def raise_if_any(self) -> None:
        """InvalidRequest with every fault, if there is one."""
        if self.found:
            raise InvalidRequest(self.found)
