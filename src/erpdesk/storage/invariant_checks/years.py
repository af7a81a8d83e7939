"""Closed years: each was closed with an entry that left nothing on income and expenses, and nothing came after it."""

from __future__ import annotations

from erpdesk.storage.invariant_checks.check import Check

_NOT_CARRIED = """
SELECT format('%s: fiscal year %s is closed, but %s stands at %s on its last day: reopen it and close it again',
              o.code, s.year, a.code, trim_scale(s.balance))
FROM (SELECT x.organization_id, x.account_id, y.code AS year, y.is_closed,
             sum(x.amount) OVER (PARTITION BY x.organization_id, x.account_id ORDER BY y.ends_on) AS balance
      FROM (SELECT l.organization_id, l.account_id, j.fiscal_year_id, sum(l.debit - l.credit) AS amount
            FROM erpdesk.journal_line l
            JOIN erpdesk.journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
            GROUP BY 1, 2, 3) x
      JOIN erpdesk.fiscal_year y ON y.organization_id = x.organization_id AND y.id = x.fiscal_year_id) s
JOIN erpdesk.account a ON a.organization_id = s.organization_id AND a.id = s.account_id
 AND a.nature IN ('income', 'expense')
JOIN erpdesk.organization o ON o.id = s.organization_id
WHERE s.is_closed AND s.balance <> 0
"""

_FLAG = """
SELECT format('%s: fiscal year %s is open, but its closing stands', o.code, y.code)
FROM erpdesk.fiscal_year y
JOIN erpdesk.organization o ON o.id = y.organization_id
WHERE NOT y.is_closed AND EXISTS (SELECT FROM erpdesk.year_closing c WHERE c.organization_id = y.organization_id
                                  AND c.fiscal_year_id = y.id AND c.reopened_at IS NULL)
"""

_ENTRY = """
SELECT format('%s: the closing of %s says %s, its entry %s', o.code, y.code, trim_scale(c.result),
              coalesce(v.voucher_number || ' carries ' || trim_scale(e.carried), 'is missing'))
FROM erpdesk.year_closing c
JOIN erpdesk.organization o ON o.id = c.organization_id
JOIN erpdesk.fiscal_year y ON y.organization_id = c.organization_id AND y.id = c.fiscal_year_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = c.organization_id AND v.id = c.voucher_id
 AND v.voucher_on = y.ends_on AND v.status = CASE WHEN c.reopened_at IS NULL THEN 'POSTED' ELSE 'REVERSED' END
LEFT JOIN LATERAL (
    SELECT coalesce(sum(l.credit - l.debit) FILTER (WHERE a.nature NOT IN ('income', 'expense')), 0) AS carried
    FROM erpdesk.journal j
    JOIN erpdesk.journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
    JOIN erpdesk.account a ON a.organization_id = l.organization_id AND a.id = l.account_id
    WHERE j.organization_id = c.organization_id AND j.voucher_id = v.id) e ON true
WHERE c.is_being_written OR (c.voucher_id IS NULL AND c.result <> 0)
   OR (c.voucher_id IS NOT NULL AND (v.id IS NULL OR e.carried <> c.result))
   OR (c.reopened_at IS NOT NULL AND v.reversed_by_id IS DISTINCT FROM c.reversal_id)
"""

_AFTERWARDS = """
SELECT format('%s: %s of %s was posted after fiscal year %s was closed', o.code, w.voucher_number, w.voucher_on, y.code)
FROM erpdesk.year_closing c
JOIN erpdesk.organization o ON o.id = c.organization_id
JOIN erpdesk.fiscal_year y ON y.organization_id = c.organization_id AND y.id = c.fiscal_year_id
JOIN erpdesk.voucher v ON v.organization_id = c.organization_id AND v.id = c.voucher_id
JOIN erpdesk.voucher w ON w.organization_id = c.organization_id AND w.fiscal_year_id = c.fiscal_year_id
 AND w.posting_sequence > v.posting_sequence
WHERE c.reopened_at IS NULL AND NOT EXISTS (
    SELECT FROM erpdesk.year_closing k WHERE k.organization_id = w.organization_id
                  AND w.id IN (k.voucher_id, k.reversal_id))
"""

_NOBODYS = """
SELECT format('%s: %s closes a year, but no closing made it', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
JOIN erpdesk.blueprint_version b ON b.organization_id = v.organization_id
 AND b.voucher_config_id = v.voucher_config_id AND b.version = v.blueprint_version
 AND b.document ->> 'counterpart_role' = 'retained_earnings'
WHERE v.posting_sequence IS NOT NULL AND NOT EXISTS (
    SELECT FROM erpdesk.year_closing c WHERE c.organization_id = v.organization_id
                  AND v.id IN (c.voucher_id, c.reversal_id))
"""

_NOT_CARRIED_IN_BRANCH = """
SELECT format('%s: fiscal year %s is closed, but %s stands at %s in branch %s on its last day', o.code, y.code, a.code,
              trim_scale(sum(l.debit - l.credit)), b.code)
FROM erpdesk.year_closing c
JOIN erpdesk.organization o ON o.id = c.organization_id
JOIN erpdesk.fiscal_year y ON y.organization_id = c.organization_id AND y.id = c.fiscal_year_id
JOIN erpdesk.branch b ON b.organization_id = c.organization_id
JOIN erpdesk.journal j ON j.organization_id = c.organization_id AND j.branch_id = b.id
JOIN erpdesk.journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
 AND l.posted_on <= y.ends_on
JOIN erpdesk.account a ON a.organization_id = l.organization_id AND a.id = l.account_id
 AND a.nature IN ('income', 'expense')
WHERE c.reopened_at IS NULL AND c.branch_id = (
    SELECT k.branch_id FROM erpdesk.year_closing k WHERE k.organization_id = c.organization_id
      AND k.fiscal_year_id = c.fiscal_year_id AND k.reopened_at IS NULL ORDER BY k.branch_id LIMIT 1)
GROUP BY o.code, y.code, a.code, b.code HAVING sum(l.debit - l.credit) <> 0
"""

CHECKS = (
    Check("years", "SELECT count(*) FROM erpdesk.fiscal_year WHERE is_closed",
          "closed years are carried to equity, and nothing came after",
          (_NOT_CARRIED, _NOT_CARRIED_IN_BRANCH, _FLAG, _ENTRY, _AFTERWARDS, _NOBODYS)),
)
