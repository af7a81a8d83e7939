"""What ties a voucher to others, and what its user may do with it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from uuid import UUID

from erpdesk.storage.report_queries.reading import Reading


class Tie(NamedTuple):
    """Another voucher; `kind` says what it is to this one."""

    kind: str
    voucher_id: UUID
    voucher_number: str
    type_label: str
    dated_on: date
    status: str


class Rights(NamedTuple):
    """What the user may do with vouchers of a type in a branch."""

    enter: bool
    post: bool
    reverse: bool
    cancel: bool


def ties(reading: Reading, voucher_id: UUID) -> list[Tie]:
    """The vouchers tied to one, each kind in the order of days."""
    return [Tie(*row) for row in reading.rows(_TIES, {"id": voucher_id})]


def rights(reading: Reading, type_code: str, branch: str) -> Rights:
    """The rights of the session's user."""
    return Rights(*reading.rows(_RIGHTS, {"type": type_code, "branch": branch})[0])


_TIES = """
WITH tied (kind, place, id) AS (
    SELECT 'reverses', 1, v.reversal_of_id FROM erpdesk.voucher v
    WHERE v.organization_id = %(organization)s AND v.id = %(id)s
    UNION SELECT 'reversed_by', 2, v.reversed_by_id FROM erpdesk.voucher v
    WHERE v.organization_id = %(organization)s AND v.id = %(id)s
    UNION SELECT l.kind, 3, l.other_voucher_id FROM erpdesk.voucher_link l
    WHERE l.organization_id = %(organization)s AND l.voucher_id = %(id)s
    UNION SELECT l.kind || '_of', 4, l.voucher_id FROM erpdesk.voucher_link l
    WHERE l.organization_id = %(organization)s AND l.other_voucher_id = %(id)s
    UNION SELECT 'against', 3, l.against_voucher_id FROM erpdesk.voucher_line l
    WHERE l.organization_id = %(organization)s AND l.voucher_id = %(id)s
    UNION SELECT 'against_of', 4, l.voucher_id FROM erpdesk.voucher_line l
    WHERE l.organization_id = %(organization)s AND l.against_voucher_id = %(id)s
    UNION SELECT 'settles', 5, a.target_voucher_id FROM erpdesk.voucher_allocation a
    WHERE a.organization_id = %(organization)s AND a.voucher_id = %(id)s)
SELECT tied.kind, v.id, coalesce(v.voucher_number, ''), t.label, v.voucher_on, v.status
FROM tied
JOIN erpdesk.voucher v ON v.organization_id = %(organization)s AND v.id = tied.id
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
ORDER BY tied.place, v.voucher_on, v.id
LIMIT 200
"""

_RIGHTS = """
SELECT erpdesk.may(o.id, 'voucher.enter', %(type)s, b.id), erpdesk.may(o.id, 'voucher.post', %(type)s, b.id),
       erpdesk.may(o.id, 'voucher.reverse', %(type)s, b.id), erpdesk.may(o.id, 'voucher.cancel', %(type)s, b.id)
FROM erpdesk.organization o
LEFT JOIN erpdesk.branch b ON b.organization_id = o.id AND b.code = %(branch)s
WHERE o.id = %(organization)s
"""
