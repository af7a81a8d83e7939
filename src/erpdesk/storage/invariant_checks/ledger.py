"""I1 to I4: journals balance, belong to one posted voucher, never change, and numbers have no gap."""

from __future__ import annotations

from erpdesk.storage.invariant_checks.as_typed import AS_TYPED
from erpdesk.storage.invariant_checks.check import Check

_UNBALANCED = """
SELECT format('%s %s: debit %s, credit %s, %s lines', o.code, coalesce(v.voucher_number, j.id::text),
              s.debit, s.credit, coalesce(s.lines, 0))
FROM erpdesk.journal j
JOIN erpdesk.organization o ON o.id = j.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = j.organization_id AND v.id = j.voucher_id
LEFT JOIN (
    SELECT organization_id, journal_id, count(*) AS lines, sum(debit) AS debit, sum(credit) AS credit,
           max(greatest(scale(trim_scale(debit)), scale(trim_scale(credit)))) AS decimals,
           bool_and((debit > 0 AND credit = 0) OR (credit > 0 AND debit = 0)) AS one_sided
    FROM erpdesk.journal_line GROUP BY organization_id, journal_id) s
  ON s.organization_id = j.organization_id AND s.journal_id = j.id
WHERE s.lines IS NULL OR s.lines < 2 OR s.debit <> s.credit OR s.decimals > o.currency_decimals
   OR NOT s.one_sided
"""

_STRAY_LINES = """
SELECT format('line %s of journal %s stands apart from its journal', l.line_number, l.journal_id)
FROM erpdesk.journal_line l
LEFT JOIN erpdesk.journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
WHERE j.id IS NULL OR j.posted_on <> l.posted_on OR j.posting_sequence <> l.posting_sequence
"""

_VOUCHER_WITHOUT_JOURNAL = """
SELECT format('%s %s has no journal', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
{type}
LEFT JOIN erpdesk.journal j ON j.organization_id = v.organization_id AND j.voucher_id = v.id
WHERE v.status IN ('POSTED', 'REVERSED') AND t.affects_gl AND j.id IS NULL AND v.reversal_of_id IS NULL
  AND t.stock_direction NOT IN ('transfer', 'journal')
  AND NOT (coalesce(v.cost, 0) = 0 AND (v.total = 0 OR (t.affects_inventory AND t.header_counterpart = 'role')))
"""

_VOUCHER_WITHOUT_MOVEMENTS = """
SELECT format('%s %s has no stock movement', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
{type}
WHERE v.status IN ('POSTED', 'REVERSED') AND t.affects_inventory AND NOT t.capitalises AND NOT t.counts_stock
  AND v.reversal_of_id IS NULL
  AND NOT EXISTS (SELECT FROM erpdesk.stock_movement m
                  WHERE m.organization_id = v.organization_id AND m.voucher_id = v.id)
  AND (EXISTS (SELECT FROM erpdesk.voucher_line l
               JOIN erpdesk.item i ON i.organization_id = l.organization_id AND i.id = l.item_id
               WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id
                 AND i.is_stocked AND l.against_voucher_id IS NULL)
       OR NOT EXISTS (SELECT FROM erpdesk.voucher_line l
                      WHERE l.organization_id = v.organization_id AND l.voucher_id = v.id))
"""

_JOURNAL_WITHOUT_VOUCHER = """
SELECT format('%s: journal %s has no posted voucher of its day', o.code, j.id)
FROM erpdesk.journal j
JOIN erpdesk.organization o ON o.id = j.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = j.organization_id AND v.id = j.voucher_id
WHERE v.status IS NULL OR v.status NOT IN ('POSTED', 'REVERSED') OR v.voucher_on <> j.posted_on
   OR v.posting_sequence IS DISTINCT FROM j.posting_sequence
"""

_MOVEMENT_WITHOUT_VOUCHER = """
SELECT format('%s: movement %s has no posted voucher of its day', o.code, m.id)
FROM erpdesk.stock_movement m
JOIN erpdesk.organization o ON o.id = m.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = m.organization_id AND v.id = m.voucher_id
WHERE v.status IS NULL OR v.status NOT IN ('POSTED', 'REVERSED') OR v.voucher_on <> m.moved_on
   OR v.posting_sequence IS DISTINCT FROM m.posting_sequence
"""

_TWO_JOURNALS = """
SELECT format('%s: voucher %s has %s journals', o.code, j.voucher_id, count(*))
FROM erpdesk.journal j JOIN erpdesk.organization o ON o.id = j.organization_id
GROUP BY o.code, j.voucher_id HAVING count(*) > 1
"""

# Texts of times depend on the session that wrote them; what a reversal may set is left out as well.
_FREE = ("ARRAY['status', 'reversed_by_id', 'row_version', 'created_at', 'changed_at', 'approved_at',"
         " 'posted_at']")

_CHANGED_SINCE_POSTED = """
SELECT format('%s %s is not what its audit entry says', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
JOIN erpdesk.audit_entry a ON a.organization_id = v.organization_id AND a.object_type = 'voucher'
 AND a.object_id = v.id::text AND a.action = 'posted' AND a.after IS NOT NULL
WHERE v.status IN ('POSTED', 'REVERSED')
  AND (NOT (to_jsonb(v) - {free}) @> (a.after - {free}) OR v.document <> a.after -> 'document')
"""

_ONE_SIDED_REVERSAL = """
SELECT format('%s %s and its reversal do not name each other', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
LEFT JOIN erpdesk.voucher r ON r.organization_id = v.organization_id AND r.id = v.reversed_by_id
LEFT JOIN erpdesk.voucher f ON f.organization_id = v.organization_id AND f.id = v.reversal_of_id
WHERE (v.reversed_by_id IS NOT NULL AND r.reversal_of_id IS DISTINCT FROM v.id)
   OR (v.status = 'POSTED' AND v.reversal_of_id IS NOT NULL AND f.reversed_by_id IS DISTINCT FROM v.id)
   OR (v.status = 'REVERSED') <> (v.reversed_by_id IS NOT NULL)
"""

_NO_MIRROR = """
SELECT format('%s %s: its reversal leaves %s on account %s', o.code, v.voucher_number, x.amount, a.code)
FROM (SELECT v.organization_id, v.id, l.account_id, l.party_id, l.cost_centre_id, sum(l.debit - l.credit) AS amount
      FROM erpdesk.voucher v
      JOIN erpdesk.journal j ON j.organization_id = v.organization_id AND j.voucher_id IN (v.id, v.reversed_by_id)
      JOIN erpdesk.journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
      WHERE v.reversed_by_id IS NOT NULL
      GROUP BY v.organization_id, v.id, l.account_id, l.party_id, l.cost_centre_id) x
JOIN erpdesk.organization o ON o.id = x.organization_id
JOIN erpdesk.voucher v ON v.organization_id = x.organization_id AND v.id = x.id
LEFT JOIN erpdesk.account a ON a.organization_id = x.organization_id AND a.id = x.account_id
WHERE x.amount <> 0
UNION ALL
SELECT format('%s %s: movement %s is not undone by its reversal', o.code, v.voucher_number, m.id)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
JOIN erpdesk.stock_movement m ON m.organization_id = v.organization_id AND m.voucher_id = v.id
LEFT JOIN erpdesk.stock_movement w ON w.organization_id = v.organization_id AND w.voucher_id = v.reversed_by_id
 AND w.reverses_id = m.id AND (w.quantity, w.value) = (-m.quantity, -m.value)
WHERE v.reversed_by_id IS NOT NULL AND w.id IS NULL
"""

_GUARDS = """
SELECT format('the trigger %s of %s is missing or switched off', g.trigger, g.table)
FROM (SELECT x.t AS table, 'books_never_change' AS trigger
      FROM unnest(ARRAY['journal', 'journal_line', 'stock_movement', 'audit_entry', 'audit_seal',
                        'posting_log', 'voucher_number', 'blueprint_version']) AS x (t)
      UNION ALL
      SELECT x.t, 'books_never_emptied'
      FROM unnest(ARRAY['journal', 'journal_line', 'stock_movement', 'audit_entry', 'audit_seal', 'voucher',
                        'voucher_number', 'voucher_line', 'stock_layer', 'stock_balance', 'open_item',
                        'number_counter', 'idempotency_key']) AS x (t)
      UNION ALL
      SELECT x.t, x.g FROM (VALUES ('voucher', 'voucher_changes'), ('voucher', 'books_never_deleted'),
          ('voucher', 'voucher_is_whole'), ('journal', 'journal_balances'), ('journal', 'dated_open'),
          ('journal_line', 'lines_join_their_journal'), ('stock_movement', 'dated_open'),
          ('voucher_number', 'numbers_follow'), ('number_counter', 'counter_counts'),
          ('idempotency_key', 'key_keeps_its_content'),
          ('voucher_line', 'parts_updated'), ('voucher_line', 'parts_deleted')) AS x (t, g)) g
LEFT JOIN pg_catalog.pg_trigger t ON t.tgname = g.trigger AND t.tgenabled IN ('O', 'A') AND NOT t.tgisinternal
 AND t.tgrelid = to_regclass('erpdesk.' || quote_ident(g.table))
WHERE t.oid IS NULL
"""

_WRITERS = """
SELECT format('%s may %s %s', r.rolname, lower(p.privilege), b.name)
FROM pg_catalog.pg_roles r
CROSS JOIN unnest(ARRAY['journal', 'journal_line', 'stock_movement', 'audit_entry', 'audit_seal',
                        'voucher_number', 'stock_balance', 'stock_layer', 'open_item', 'number_counter',
                        'voucher']) AS b (name)
CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p (privilege)
WHERE NOT r.rolsuper AND r.rolname NOT IN ('erpdesk_owner', 'pg_write_all_data')
  AND has_table_privilege(r.oid, 'erpdesk.' || b.name, p.privilege)
  AND NOT (pg_has_role(r.oid, 'erpdesk_owner', 'MEMBER'))
  AND NOT (r.rolname = 'erpdesk_engine' AND (p.privilege = 'INSERT' OR (p.privilege = 'UPDATE'
           AND b.name NOT IN
           ('journal', 'journal_line', 'stock_movement', 'audit_entry', 'audit_seal',
            'voucher_number'))))
"""

_GAPS = """
SELECT format('%s %s, series %s %s: %s numbers from %s to %s, the counter says %s', o.code,
              coalesce(t.code, '?'), s.series_code, s.restart_key, s.numbers, s.first, s.last, s.counter)
FROM (SELECT coalesce(n.organization_id, c.organization_id) AS organization_id,
             coalesce(n.voucher_config_id, c.voucher_config_id) AS voucher_config_id,
             coalesce(n.series_code, c.series_code) AS series_code,
             coalesce(n.restart_key, c.restart_key) AS restart_key,
             coalesce(n.numbers, 0) AS numbers, n.first, n.last, c.last_number AS counter
      FROM (SELECT organization_id, voucher_config_id, series_code, branch_id, restart_key,
                   count(*) AS numbers, min(number) AS first, max(number) AS last
            FROM erpdesk.voucher_number
            GROUP BY organization_id, voucher_config_id, series_code, branch_id, restart_key) n
      FULL JOIN erpdesk.number_counter c
        ON (c.organization_id, c.voucher_config_id, c.series_code, c.branch_id, c.restart_key)
         = (n.organization_id, n.voucher_config_id, n.series_code, n.branch_id, n.restart_key)) s
JOIN erpdesk.organization o ON o.id = s.organization_id
LEFT JOIN erpdesk.voucher_config_master t
  ON t.organization_id = s.organization_id AND t.id = s.voucher_config_id
WHERE s.numbers = 0 OR s.counter IS DISTINCT FROM s.last OR s.last - s.first + 1 <> s.numbers
   OR (s.first <> 1 AND NOT EXISTS (
       SELECT FROM erpdesk.number_series d
       WHERE d.organization_id = s.organization_id AND d.voucher_config_id = s.voucher_config_id
         AND d.code = s.series_code AND d.first_number = s.first))
"""

_NUMBER_OF_NOTHING = """
SELECT format('%s: number %s of series %s belongs to no posted voucher that carries it', o.code, n.number,
              n.series_code)
FROM erpdesk.voucher_number n
JOIN erpdesk.organization o ON o.id = n.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = n.organization_id AND v.id = n.voucher_id
WHERE v.id IS NULL OR v.status NOT IN ('POSTED', 'REVERSED') OR v.voucher_config_id <> n.voucher_config_id
   OR position(n.number::text IN v.voucher_number) = 0
"""

_UNNUMBERED = """
SELECT format('%s %s has no number of its series', o.code, v.voucher_number)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
{type}
WHERE v.status IN ('POSTED', 'REVERSED') AND t.numbering_method = 'auto'
  AND NOT EXISTS (SELECT FROM erpdesk.voucher_number n
                  WHERE n.organization_id = v.organization_id AND n.voucher_id = v.id)
"""

_DUPLICATE_NUMBERS = """
SELECT format('%s: %s vouchers of one type and year have the number %s', o.code, count(*),
              v.voucher_number_key)
FROM erpdesk.voucher v JOIN erpdesk.organization o ON o.id = v.organization_id
WHERE v.status IN ('POSTED', 'REVERSED') AND NOT v.number_may_repeat
GROUP BY o.code, v.voucher_config_id, v.fiscal_year_id, v.voucher_number_key HAVING count(*) > 1
"""

_POSTED = "SELECT count(*) FROM erpdesk.voucher WHERE status IN ('POSTED', 'REVERSED')"

CHECKS = (
    Check("I1", "SELECT count(*) FROM erpdesk.journal", "journals balance", (_UNBALANCED, _STRAY_LINES)),
    Check("I2", _POSTED, "posted vouchers have their journal and movements",
          (_VOUCHER_WITHOUT_JOURNAL.replace("{type}", AS_TYPED),
           _VOUCHER_WITHOUT_MOVEMENTS.replace("{type}", AS_TYPED), _JOURNAL_WITHOUT_VOUCHER,
           _MOVEMENT_WITHOUT_VOUCHER, _TWO_JOURNALS)),
    Check("I3", _POSTED, "posted vouchers are as they were posted, and guarded",
          (_CHANGED_SINCE_POSTED.replace("{free}", _FREE), _ONE_SIDED_REVERSAL, _NO_MIRROR, _GUARDS, _WRITERS)),
    Check("I4", "SELECT count(*) FROM erpdesk.voucher_number", "numbers follow one another",
          (_GAPS, _NUMBER_OF_NOTHING, _UNNUMBERED.replace("{type}", AS_TYPED), _DUPLICATE_NUMBERS)),
)
