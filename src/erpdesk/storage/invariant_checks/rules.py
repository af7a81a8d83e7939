"""I7 and I8: a key posted once and kept its content, and nothing got into a time that was closed.

Whether a post came after a lock is told by the audit sequence, not by clocks: posting holds the period while
it takes its sequence, and locking waits for it.
"""

from __future__ import annotations

from erpdesk.storage.invariant_checks.check import Check

_KEYS = """
SELECT format('%s: key %s %s', o.code, k.key,
              CASE WHEN k.result IS NULL THEN 'has no result'
                   WHEN v.id IS NULL THEN 'names a voucher that is gone'
                   ELSE 'and its voucher do not agree' END)
FROM erpdesk.idempotency_key k
JOIN erpdesk.organization o ON o.id = k.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = k.organization_id AND v.id = k.object_id
WHERE k.object_type = 'voucher'
  AND (k.result IS NULL OR v.id IS NULL
       OR coalesce(k.result ->> 'voucher_id', '') <> v.id::text
       OR (v.status IN ('POSTED', 'REVERSED')
           AND k.result ->> 'voucher_number' IS DISTINCT FROM v.voucher_number))
"""

_TWO_KEYS = """
SELECT format('%s: %s keys posted the voucher %s', o.code, count(*), k.object_id)
FROM erpdesk.idempotency_key k JOIN erpdesk.organization o ON o.id = k.organization_id
GROUP BY o.code, k.object_type, k.object_id HAVING count(*) > 1
"""

_LOST_KEYS = """
SELECT format('%s %s: its key %s is not kept for it', o.code, v.voucher_number, v.idempotency_key)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
LEFT JOIN erpdesk.idempotency_key k ON k.organization_id = v.organization_id AND k.key = v.idempotency_key
WHERE v.status IN ('POSTED', 'REVERSED') AND v.idempotency_key IS NOT NULL
  AND k.object_id IS DISTINCT FROM v.id
  AND NOT EXISTS (SELECT FROM erpdesk.idempotency_key e
                  WHERE e.organization_id = v.organization_id AND e.object_id = v.id)
"""

_WRONG_PERIOD = """
SELECT format('%s: journal of %s is in the period %s to %s', o.code, j.posted_on, p.starts_on, p.ends_on)
FROM erpdesk.journal j
JOIN erpdesk.organization o ON o.id = j.organization_id
LEFT JOIN erpdesk.accounting_period p ON p.organization_id = j.organization_id AND p.id = j.period_id
WHERE p.id IS NULL OR j.posted_on NOT BETWEEN p.starts_on AND p.ends_on
   OR p.fiscal_year_id <> j.fiscal_year_id
"""

_WRONG_YEAR = """
SELECT format('%s %s of %s is in the fiscal year %s', o.code, v.voucher_number, v.voucher_on,
              coalesce(y.code, '(none)'))
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
LEFT JOIN erpdesk.fiscal_year y ON y.organization_id = v.organization_id AND y.id = v.fiscal_year_id
WHERE v.status IN ('POSTED', 'REVERSED')
  AND (y.id IS NULL OR v.voucher_on NOT BETWEEN y.starts_on AND y.ends_on)
UNION ALL
SELECT format('%s: movement of %s is in the fiscal year %s', o.code, m.moved_on,
              coalesce(y.code, '(none)'))
FROM erpdesk.stock_movement m
JOIN erpdesk.organization o ON o.id = m.organization_id
LEFT JOIN erpdesk.fiscal_year y ON y.organization_id = m.organization_id AND y.id = m.fiscal_year_id
WHERE y.id IS NULL OR m.moved_on NOT BETWEEN y.starts_on AND y.ends_on
"""

# From each change of a lock to the next: which days were shut, between which audit sequences.
_LOCKS = """
WITH state AS (
    SELECT organization_id, object_type, object_id, sequence AS begins,
           lead(sequence) OVER (PARTITION BY organization_id, object_type, object_id ORDER BY sequence) AS ends,
           after AS row
    FROM erpdesk.audit_entry
    WHERE object_type IN ('accounting_period', 'fiscal_year', 'organization')
      AND after IS NOT NULL),
shut AS (
    SELECT s.organization_id, s.begins, s.ends, 'a closed period' AS what,
           (s.row ->> 'starts_on')::date AS first, (s.row ->> 'ends_on')::date AS last
    FROM state s WHERE s.object_type = 'accounting_period' AND s.row ->> 'state' <> 'open'
    UNION ALL
    SELECT s.organization_id, s.begins, s.ends, 'a closed fiscal year', (s.row ->> 'starts_on')::date,
           (s.row ->> 'ends_on')::date
    FROM state s WHERE s.object_type = 'fiscal_year' AND (s.row ->> 'is_closed')::boolean
    UNION ALL
    SELECT s.organization_id, s.begins, s.ends, 'a locked organization', '-infinity', 'infinity'
    FROM state s WHERE s.object_type = 'organization' AND (s.row ->> 'is_locked')::boolean
    UNION ALL
    SELECT s.organization_id, s.begins, s.ends, 'days locked for audit', '-infinity',
           (s.row ->> 'audit_locked_until')::date
    FROM state s WHERE s.object_type = 'organization' AND s.row ->> 'audit_locked_until' IS NOT NULL)
"""

_POSTED_WHEN_SHUT = _LOCKS + """
SELECT format('%s %s of %s was posted into %s', o.code, v.voucher_number, v.voucher_on, s.what)
FROM shut s
JOIN erpdesk.organization o ON o.id = s.organization_id
JOIN erpdesk.audit_entry a ON a.organization_id = s.organization_id AND a.object_type = 'voucher'
 AND a.action = 'posted' AND a.sequence > s.begins AND (s.ends IS NULL OR a.sequence < s.ends)
JOIN erpdesk.voucher v ON v.organization_id = a.organization_id AND v.id::text = a.object_id
 AND v.voucher_on BETWEEN s.first AND s.last
WHERE s.what NOT IN ('a closed period', 'days locked for audit') OR NOT EXISTS (
    SELECT FROM erpdesk.year_closing c
    WHERE c.organization_id = v.organization_id AND v.id IN (c.voucher_id, c.reversal_id))
"""

CHECKS = (
    Check("I7", "SELECT count(*) FROM erpdesk.idempotency_key", "keys posted once, with one content",
          (_KEYS, _TWO_KEYS, _LOST_KEYS)),
    Check("I8", "SELECT count(*) FROM erpdesk.voucher WHERE status IN ('POSTED', 'REVERSED')",
          "posted vouchers are dated in their year, and none came after it was shut",
          (_WRONG_PERIOD, _WRONG_YEAR, _POSTED_WHEN_SHUT)),
)
