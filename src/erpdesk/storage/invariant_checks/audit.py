"""I10: every state of a voucher has its audit entry, and the chain of seals holds over all of them."""

from __future__ import annotations

from erpdesk.storage.invariant_checks.check import Check

_UNAUDITED = """
SELECT format('%s: voucher %s is %s without an audit entry', o.code,
              coalesce(v.voucher_number, v.id::text), v.status)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
WHERE NOT EXISTS (
    SELECT FROM erpdesk.audit_entry a
    WHERE a.organization_id = v.organization_id AND a.object_type = 'voucher' AND a.object_id = v.id::text
      AND a.after ->> 'status' = v.status)
"""

_OTHER_TRANSACTION = """
SELECT format('%s %s was not audited in the transaction that posted it', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
LEFT JOIN erpdesk.journal j ON j.organization_id = v.organization_id AND j.voucher_id = v.id
WHERE v.status IN ('POSTED', 'REVERSED') AND NOT EXISTS (
    SELECT FROM erpdesk.audit_entry a
    WHERE a.organization_id = v.organization_id AND a.object_type = 'voucher' AND a.object_id = v.id::text
      AND a.action = 'posted' AND a.actor = v.posted_by
      AND (j.id IS NULL OR a.transaction_id = j.transaction_id))
"""

_SEALED_TWICE = """
SELECT format('%s: entry %s is in %s seals', o.code, e.id, count(*))
FROM erpdesk.audit_seal s
JOIN erpdesk.organization o ON o.id = s.organization_id
CROSS JOIN LATERAL unnest(s.entry_ids) AS e (id)
GROUP BY o.code, e.id HAVING count(*) > 1
"""

_UNSEALED = """
SELECT format('%s: %s entries older than ten minutes are in no seal, the first is of %s', o.code, count(*),
              to_char(min(a.happened_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'))
FROM erpdesk.audit_entry a
JOIN erpdesk.organization o ON o.id = a.organization_id
WHERE a.happened_at < now() - interval '10 minutes'
  AND NOT EXISTS (
    SELECT FROM (SELECT s.organization_id, unnest(s.entry_ids) AS id FROM erpdesk.audit_seal s) e
    WHERE e.organization_id = a.organization_id AND e.id = a.id)
GROUP BY o.code
"""

_BROKEN_CHAIN = """
SELECT format('%s: seal %s %s', o.code, s.sequence,
              CASE WHEN s.sequence <> s.place THEN 'follows a seal that is gone'
                   WHEN s.previous_hash <> s.expected THEN 'does not continue the seal before it'
                   ELSE 'does not match its entries' END)
FROM (SELECT s.*, row_number() OVER w AS place, coalesce(lag(s.hash) OVER w, ''::bytea) AS expected
      FROM erpdesk.audit_seal s WINDOW w AS (PARTITION BY s.organization_id ORDER BY s.sequence)) s
JOIN erpdesk.organization o ON o.id = s.organization_id
CROSS JOIN LATERAL (
    SELECT string_agg(coalesce(sha256(convert_to(jsonb_build_array(
               a.organization_id, a.id, a.sequence, a.actor,
               (extract(epoch FROM a.happened_at) * 1000000)::bigint, a.action, a.object_type, a.object_id,
               a.step, a.before, a.after, a.correlation_id, a.context, a.transaction_id)::text, 'UTF8')),
               '\\x00'::bytea), ''::bytea ORDER BY e.place) AS digests
    FROM unnest(s.entry_ids) WITH ORDINALITY AS e (id, place)
    LEFT JOIN erpdesk.audit_entry a ON a.organization_id = s.organization_id
     AND a.id = e.id AND a.id IS NOT NULL) d
WHERE s.sequence <> s.place OR s.previous_hash <> s.expected
   OR s.hash <> sha256(s.previous_hash || convert_to(s.sequence::text, 'UTF8')
                       || coalesce(d.digests, ''::bytea))
ORDER BY o.code, s.sequence
"""

CHECKS = (
    Check("I10", "SELECT count(*) FROM erpdesk.audit_entry", "audit entries, complete and in one chain",
          (_UNAUDITED, _OTHER_TRANSACTION, _BROKEN_CHAIN, _SEALED_TWICE, _UNSEALED)),
)
