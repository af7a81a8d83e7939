"""I11: what parties owe and are owed, item by item, is their balance in the ledger."""

from __future__ import annotations

from erpdesk.storage.invariant_checks.as_typed import AS_TYPED
from erpdesk.storage.invariant_checks.check import Check

_BALANCES = """
SELECT format('%s %s: ledger %s, open items %s, balance kept %s', o.code, coalesce(p.code, '?'),
              x.posted, x.open, x.kept)
FROM (SELECT organization_id, party_id, sum(posted) AS posted, sum(open) AS open, sum(kept) AS kept
      FROM (SELECT organization_id, party_id, debit - credit AS posted, 0::numeric AS open, 0::numeric AS kept
            FROM erpdesk.journal_line WHERE party_id IS NOT NULL
            UNION ALL SELECT organization_id, party_id, 0, open_amount, 0 FROM erpdesk.open_item
            UNION ALL SELECT organization_id, party_id, 0, 0, balance FROM erpdesk.party_balance) s
      GROUP BY organization_id, party_id) x
JOIN erpdesk.organization o ON o.id = x.organization_id
LEFT JOIN erpdesk.party p ON p.organization_id = x.organization_id AND p.id = x.party_id
WHERE x.posted <> x.open OR x.posted <> x.kept
"""

_SETTLED = """
SELECT format('%s %s: %s of %s open, its settlements leave %s', o.code, coalesce(v.voucher_number, '?'),
              i.open_amount, i.amount, i.amount - coalesce(s.amount, 0))
FROM erpdesk.open_item i
JOIN erpdesk.organization o ON o.id = i.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = i.organization_id AND v.id = i.voucher_id
LEFT JOIN (SELECT organization_id, open_item_id, sum(amount) AS amount FROM erpdesk.settlement
           WHERE released_by_id IS NULL GROUP BY organization_id, open_item_id) s
  ON s.organization_id = i.organization_id AND s.open_item_id = i.id
WHERE i.open_amount <> i.amount - coalesce(s.amount, 0)
"""

_WITHOUT_PARTY = """
SELECT format('%s: journal %s has a line on control account %s without a party', o.code, l.journal_id, a.code)
FROM erpdesk.journal_line l
JOIN erpdesk.account a ON a.organization_id = l.organization_id AND a.id = l.account_id
 AND a.kind IN ('receivable', 'payable')
JOIN erpdesk.organization o ON o.id = l.organization_id
WHERE l.party_id IS NULL
"""

# In the currency of its voucher an open item is what its settlements leave, too; of a voucher in base it is the same
# in both. A party line of a foreign voucher carries its amount in that currency, and the open items add up to it.
_IN_CURRENCY = """
SELECT format('%s %s: %s %s of %s open, its settlements leave %s', o.code, coalesce(v.voucher_number, '?'),
              i.currency_code, i.currency_open_amount, i.currency_amount, i.currency_amount - coalesce(s.amount, 0))
FROM erpdesk.open_item i
JOIN erpdesk.organization o ON o.id = i.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = i.organization_id AND v.id = i.voucher_id
LEFT JOIN (SELECT organization_id, open_item_id, sum(currency_amount) AS amount FROM erpdesk.settlement
           WHERE released_by_id IS NULL GROUP BY organization_id, open_item_id) s
  ON s.organization_id = i.organization_id AND s.open_item_id = i.id
WHERE i.currency_open_amount <> i.currency_amount - coalesce(s.amount, 0)
   OR i.currency_open_amount * sign(i.currency_amount) NOT BETWEEN 0 AND abs(i.currency_amount)
   OR i.currency_code IS DISTINCT FROM v.currency_code
   OR (i.currency_code = o.base_currency
       AND (i.currency_amount <> i.amount OR i.currency_open_amount <> i.open_amount))
"""

_PARTY_LINES_IN_CURRENCY = """
SELECT format('%s %s: party lines of %s %s, open items of %s', o.code, v.voucher_number, v.currency_code,
              coalesce(l.amount, 0), coalesce(i.amount, 0))
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
LEFT JOIN (SELECT j.organization_id, j.voucher_id, sum(x.currency_amount) AS amount, min(x.currency_code) AS first,
                  max(x.currency_code) AS last
           FROM erpdesk.journal j
           JOIN erpdesk.journal_line x ON x.organization_id = j.organization_id AND x.journal_id = j.id
           WHERE x.party_id IS NOT NULL AND x.currency_code IS NOT NULL
           GROUP BY j.organization_id, j.voucher_id) l
  ON l.organization_id = v.organization_id AND l.voucher_id = v.id
LEFT JOIN (SELECT organization_id, voucher_id, sum(currency_amount) AS amount FROM erpdesk.open_item
           GROUP BY organization_id, voucher_id) i
  ON i.organization_id = v.organization_id AND i.voucher_id = v.id
WHERE v.currency_code <> o.base_currency AND v.status IN ('POSTED', 'REVERSED')
  AND (coalesce(l.amount, 0) <> coalesce(i.amount, 0)
       OR l.first IS DISTINCT FROM coalesce(l.last, l.first) OR l.first <> v.currency_code)
"""

# Each line, charge and total converts once, so a journal line is its amount in the voucher's currency at the voucher's
# rate but for half a unit for each; a party's line of a settlement takes what its items were worth instead.
_AT_ANOTHER_RATE = """
SELECT format('%s %s: line %s is %s for %s %s at %s', o.code, v.voucher_number, l.line_number, l.debit - l.credit,
              v.currency_code, l.currency_amount, v.exchange_rate)
FROM erpdesk.voucher v
JOIN erpdesk.organization o ON o.id = v.organization_id
{type}
JOIN erpdesk.journal j ON j.organization_id = v.organization_id AND j.voucher_id = v.id
JOIN erpdesk.journal_line l ON l.organization_id = j.organization_id AND l.journal_id = j.id
CROSS JOIN LATERAL (
    SELECT (SELECT count(*) FROM erpdesk.voucher_line x WHERE x.organization_id = v.organization_id
              AND x.voucher_id = coalesce(v.reversal_of_id, v.id))
         + (SELECT count(*) FROM erpdesk.voucher_charge x WHERE x.organization_id = v.organization_id
              AND x.voucher_id = coalesce(v.reversal_of_id, v.id)) AS conversions) n
WHERE v.currency_code <> o.base_currency AND l.currency_amount IS NOT NULL AND NOT (t.settles AND l.role = 'party')
  AND abs(l.debit - l.credit - l.currency_amount * v.exchange_rate)
      > 0.5 * 10 ^ (-o.currency_decimals) * (n.conversions + 1)
UNION ALL
SELECT format('%s %s: line %s is an exchange difference of a voucher in %s', o.code, v.voucher_number, l.line_number,
              v.currency_code)
FROM erpdesk.journal_line l
JOIN erpdesk.journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
JOIN erpdesk.voucher v ON v.organization_id = j.organization_id AND v.id = j.voucher_id
JOIN erpdesk.organization o ON o.id = v.organization_id AND o.base_currency = v.currency_code
WHERE l.role IN ('exchange', 'exchange_rounding')
"""

_LOYALTY = """
SELECT format('%s %s: %s loyalty points, entries of %s', o.code, p.code, coalesce(b.loyalty_points, 0),
              coalesce(e.points, 0))
FROM erpdesk.party p
JOIN erpdesk.organization o ON o.id = p.organization_id
LEFT JOIN erpdesk.party_balance b ON b.organization_id = p.organization_id AND b.party_id = p.id
LEFT JOIN (SELECT l.organization_id, l.party_id, sum(l.points) AS points
           FROM erpdesk.loyalty_entry l
           JOIN erpdesk.voucher v ON v.organization_id = l.organization_id AND v.id = l.voucher_id
            AND v.status IN ('POSTED', 'REVERSED') AND v.party_id = l.party_id
           GROUP BY l.organization_id, l.party_id) e
  ON e.organization_id = p.organization_id AND e.party_id = p.id
WHERE coalesce(b.loyalty_points, 0) <> coalesce(e.points, 0)
"""

CHECKS = (
    Check("I11", "SELECT count(*) FROM erpdesk.party_balance", "parties' open items are their ledger balance",
          (_BALANCES, _SETTLED, _WITHOUT_PARTY, _IN_CURRENCY, _PARTY_LINES_IN_CURRENCY,
           _AT_ANOTHER_RATE.replace("{type}", AS_TYPED), _LOYALTY)),
)
