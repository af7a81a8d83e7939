"""Approval: nothing was posted that needed it without every level's consent, or the right to do without.

Whether a type required approval when a voucher was posted is told by the audit sequence, not by clocks: posting
holds the type while it takes its sequence, and changing it waits. Reversals need the right to reverse, no approval.
"""

from __future__ import annotations

from erpdesk.storage.invariant_checks.check import Check

_WITHOUT_REQUEST = """
WITH state AS (
    SELECT organization_id, object_id, sequence AS begins,
           lead(sequence) OVER (PARTITION BY organization_id, object_id ORDER BY sequence) AS ends,
           (after ->> 'requires_approval')::boolean AS required
    FROM erpdesk.audit_entry WHERE object_type = 'voucher_config_master' AND after IS NOT NULL)
SELECT format('%s %s was posted without approval', o.code, v.voucher_number)
FROM state s
JOIN erpdesk.organization o ON o.id = s.organization_id
JOIN erpdesk.audit_entry a ON a.organization_id = s.organization_id AND a.object_type = 'voucher'
 AND a.action = 'posted' AND a.sequence > s.begins AND (s.ends IS NULL OR a.sequence < s.ends)
JOIN erpdesk.voucher v ON v.organization_id = a.organization_id AND v.id::text = a.object_id
 AND v.voucher_config_id::text = s.object_id AND v.reversal_of_id IS NULL
WHERE s.required AND NOT EXISTS (
    SELECT FROM erpdesk.approval_request r
    WHERE r.organization_id = v.organization_id AND r.voucher_id = v.id)
"""

_LAST = """FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
JOIN LATERAL (
    SELECT r.* FROM erpdesk.approval_request r
    WHERE r.organization_id = v.organization_id AND r.voucher_id = v.id ORDER BY r.round DESC LIMIT 1) r ON true
"""

_MISSING_LEVEL = """
SELECT format('%s %s is %s without the approval of level %s', o.code, coalesce(v.voucher_number, v.id::text),
              v.status, l.row ->> 'level')
{last}CROSS JOIN LATERAL jsonb_array_elements(r.levels) AS l (row)
WHERE (v.status = 'APPROVED' OR v.approved_at IS NOT NULL) AND r.ground = 'levels' AND NOT EXISTS (
    SELECT FROM erpdesk.approval a
    WHERE a.organization_id = v.organization_id AND a.voucher_id = v.id AND a.round = r.round
      AND a.level = (l.row ->> 'level')::integer AND a.decision = 'approved')
"""

_NEVER_APPROVED = """
SELECT format('%s %s was posted while it waited for approval', o.code, v.voucher_number)
{last}WHERE v.status IN ('POSTED', 'REVERSED') AND v.reversal_of_id IS NULL AND r.ground = 'levels'
  AND v.approved_at IS NULL
  AND EXISTS (
    SELECT FROM erpdesk.audit_entry a
    WHERE a.organization_id = v.organization_id AND a.object_type = 'voucher' AND a.object_id = v.id::text
      AND a.action = 'posted' AND (
        SELECT (c.after ->> 'requires_approval')::boolean FROM erpdesk.audit_entry c
        WHERE c.organization_id = v.organization_id AND c.object_type = 'voucher_config_master'
          AND c.object_id = v.voucher_config_id::text AND c.sequence < a.sequence AND c.after IS NOT NULL
        ORDER BY c.sequence DESC LIMIT 1))
"""

_OTHER_CONTENT = """
SELECT format('%s %s is not what was approved', o.code, coalesce(v.voucher_number, v.id::text))
{last}WHERE (v.status = 'APPROVED' OR v.approved_at IS NOT NULL) AND r.document_hash <> v.document_hash
"""

_BY_MAKER = """
SELECT format('%s %s: level %s was approved by its maker %s', o.code, coalesce(v.voucher_number, v.id::text), a.level,
              a.decided_by)
FROM erpdesk.approval a
JOIN erpdesk.organization o ON o.id = a.organization_id
JOIN erpdesk.voucher v ON v.organization_id = a.organization_id AND v.id = a.voucher_id
JOIN erpdesk.approval_request r ON r.organization_id = a.organization_id AND r.voucher_id = a.voucher_id
 AND r.round = a.round
WHERE a.decided_by IN (v.created_by, r.requested_by) AND NOT EXISTS (
    SELECT FROM jsonb_array_elements(r.levels) AS l (row)
    CROSS JOIN LATERAL jsonb_array_elements(l.row -> 'rules') AS u (rule)
    WHERE (l.row ->> 'level')::integer = a.level AND (u.rule ->> 'maker_may_approve')::boolean)
"""

CHECKS = (
    Check(
        "APR",
        "SELECT count(*) FROM erpdesk.approval_request WHERE ground = 'levels'",
        "requests for approval, and nothing posted against them",
        tuple(
            question.replace("{last}", _LAST)
            for question in (_WITHOUT_REQUEST, _MISSING_LEVEL, _NEVER_APPROVED, _OTHER_CONTENT, _BY_MAKER)
        ),
    ),
)
