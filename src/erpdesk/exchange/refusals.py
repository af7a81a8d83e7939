"""A refusal of a file or a part of it: an error with an IMP code, all codes in one place."""

from __future__ import annotations

from erpdesk.domain.results import ErpdeskError, Fault

UNREADABLE = "IMP-001"
NOT_TEXT = "IMP-002"
NOT_JSON = "IMP-003"
TOO_LARGE = "IMP-004"
NOT_AN_OBJECT = "IMP-005"
UNKNOWN_FORMAT = "IMP-006"
BROKEN_WORKBOOK = "IMP-007"
WRONG_COLUMNS = "IMP-008"
CONTRADICTING_ROW = "IMP-009"
UNKNOWN_KEY = "IMP-010"
WRONG_VALUE = "IMP-011"
MISSING_KEY = "IMP-012"
UNKNOWN_REFERENCE = "IMP-013"
GIVEN_TWICE = "IMP-014"
PARENT_CYCLE = "IMP-015"


class ImportRefused(ErpdeskError):
    """A file, or one line of it, that can't be read."""

    kind = "invalid"


def fault(code: str, path: str, message: str) -> Fault:
    """A fault at a place of an imported document, e.g. `items[3].uom`."""
    return Fault(code, message, path)
