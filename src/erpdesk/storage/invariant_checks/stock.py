"""I5 and I6: stock balances are the sum of their movements and layers, and the ledger has their value."""

from __future__ import annotations

from erpdesk.storage.invariant_checks.check import Check

_NAMES = """
JOIN erpdesk.organization o ON o.id = x.organization_id
LEFT JOIN erpdesk.item i ON i.organization_id = x.organization_id AND i.id = x.item_id
LEFT JOIN erpdesk.warehouse w ON w.organization_id = x.organization_id AND w.id = x.warehouse_id
"""

_MOVEMENTS = """
SELECT format('%s %s in %s: balance %s worth %s, movements %s worth %s', o.code, i.code, w.code,
              x.quantity, x.value, x.moved, x.moved_value)
FROM (SELECT coalesce(b.organization_id, m.organization_id) AS organization_id,
             coalesce(b.item_id, m.item_id) AS item_id,
             coalesce(b.warehouse_id, m.warehouse_id) AS warehouse_id,
             coalesce(b.quantity, 0) AS quantity, coalesce(b.value, 0) AS value,
             coalesce(m.quantity, 0) AS moved, coalesce(m.value, 0) AS moved_value
      FROM erpdesk.stock_balance b
      FULL JOIN (SELECT organization_id, item_id, warehouse_id, sum(quantity) AS quantity, sum(value) AS value
                 FROM erpdesk.stock_movement GROUP BY organization_id, item_id, warehouse_id) m
        ON (m.organization_id, m.item_id, m.warehouse_id) = (b.organization_id, b.item_id, b.warehouse_id)) x
{names}
WHERE x.quantity <> x.moved OR x.value <> x.moved_value OR (x.quantity = 0 AND x.value <> 0)
"""

_LAYERS = """
SELECT format('%s %s in %s: balance %s worth %s, layers less deficits %s worth %s', o.code, i.code, w.code,
              x.quantity, x.value, x.held, x.held_value)
FROM (SELECT coalesce(b.organization_id, l.organization_id) AS organization_id,
             coalesce(b.item_id, l.item_id) AS item_id,
             coalesce(b.warehouse_id, l.warehouse_id) AS warehouse_id,
             coalesce(b.quantity, 0) AS quantity, coalesce(b.value, 0) AS value,
             coalesce(l.quantity, 0) - coalesce(b.deficit_quantity, 0) AS held,
             coalesce(l.value, 0) - coalesce(b.deficit_value, 0) AS held_value
      FROM erpdesk.stock_balance b
      FULL JOIN (SELECT organization_id, item_id, warehouse_id, sum(quantity_left) AS quantity,
                        sum(value_left) AS value
                 FROM erpdesk.stock_layer GROUP BY organization_id, item_id, warehouse_id) l
        ON (l.organization_id, l.item_id, l.warehouse_id) = (b.organization_id, b.item_id, b.warehouse_id)) x
{names}
WHERE i.valuation = 'fifo' AND (x.quantity <> x.held OR x.value <> x.held_value)
"""

_LAYER_MOVEMENTS = """
SELECT format('%s %s in %s: layer of %s has %s worth %s left, its movements leave %s worth %s',
              o.code, i.code, w.code, x.received_on, x.quantity_left, x.value_left, x.moved, x.moved_value)
FROM (SELECT l.*, coalesce(m.quantity, 0) AS moved, coalesce(m.value, 0) AS moved_value
      FROM erpdesk.stock_layer l
      LEFT JOIN (SELECT organization_id, layer_id, sum(quantity) AS quantity, sum(value) AS value
                 FROM erpdesk.stock_movement WHERE layer_id IS NOT NULL
                 GROUP BY organization_id, layer_id) m
        ON m.organization_id = l.organization_id AND m.layer_id = l.id) x
{names}
WHERE (x.quantity_left <> x.moved OR x.value_left <> x.moved_value)
  AND NOT EXISTS (SELECT FROM erpdesk.stock_deficit d
                  WHERE (d.organization_id, d.item_id, d.warehouse_id)
                      = (x.organization_id, x.item_id, x.warehouse_id))
"""

_DEFICITS = """
SELECT format('%s %s in %s: deficit %s worth %s, its parts %s worth %s', o.code, i.code, w.code,
              x.deficit_quantity, x.deficit_value, x.quantity, x.value)
FROM (SELECT b.organization_id, b.item_id, b.warehouse_id, b.deficit_quantity, b.deficit_value,
             coalesce(d.quantity, 0) AS quantity, coalesce(d.value, 0) AS value
      FROM erpdesk.stock_balance b
      LEFT JOIN (SELECT organization_id, item_id, warehouse_id, sum(quantity_left) AS quantity,
                        sum(value_left) AS value
                 FROM erpdesk.stock_deficit GROUP BY organization_id, item_id, warehouse_id) d
        ON (d.organization_id, d.item_id, d.warehouse_id) = (b.organization_id, b.item_id, b.warehouse_id)) x
{names}
WHERE x.deficit_quantity <> x.quantity OR x.deficit_value <> x.value
"""

_BATCHES = """
SELECT format('%s %s in %s, batch %s: balance %s, movements %s', o.code, i.code, w.code,
              coalesce(b.code, 'none'), x.quantity, x.moved)
FROM (SELECT coalesce(q.organization_id, m.organization_id) AS organization_id,
             coalesce(q.item_id, m.item_id) AS item_id,
             coalesce(q.warehouse_id, m.warehouse_id) AS warehouse_id,
             coalesce(q.batch_id, m.batch_id) AS batch_id, coalesce(q.quantity, 0) AS quantity,
             coalesce(m.quantity, 0) AS moved
      FROM erpdesk.batch_balance q
      FULL JOIN (SELECT organization_id, item_id, warehouse_id,
                        coalesce(bin_id, '00000000-0000-0000-0000-000000000000') AS bin_id,
                        coalesce(batch_id, '00000000-0000-0000-0000-000000000000') AS batch_id,
                        sum(quantity) AS quantity
                 FROM erpdesk.stock_movement WHERE batch_id IS NOT NULL OR bin_id IS NOT NULL
                 GROUP BY 1, 2, 3, 4, 5) m
        ON (m.organization_id, m.item_id, m.warehouse_id, m.bin_id, m.batch_id)
         = (q.organization_id, q.item_id, q.warehouse_id, q.bin_id, q.batch_id)) x
{names}
LEFT JOIN erpdesk.batch b ON b.organization_id = x.organization_id AND b.id = x.batch_id
WHERE x.quantity <> x.moved
"""

_SERIALS = """
SELECT format('%s %s: serial %s is in %s places by its movements', o.code, i.code, s.code,
              coalesce(m.places, 0))
FROM erpdesk.serial s
JOIN erpdesk.organization o ON o.id = s.organization_id
JOIN erpdesk.item i ON i.organization_id = s.organization_id AND i.id = s.item_id
LEFT JOIN (SELECT organization_id, serial_id, sum(held) AS places,
                  (array_agg(warehouse_id) FILTER (WHERE held <> 0))[1] AS warehouse_id
           FROM (SELECT organization_id, serial_id, warehouse_id, sum(quantity) AS held
                 FROM erpdesk.stock_movement WHERE serial_id IS NOT NULL
                 GROUP BY organization_id, serial_id, warehouse_id) h
           GROUP BY organization_id, serial_id) m
  ON m.organization_id = s.organization_id AND m.serial_id = s.id
WHERE m.places NOT IN (0, 1) OR m.warehouse_id IS DISTINCT FROM s.warehouse_id
"""

_UNITS = """
SELECT format('%s %s: serial %s is not where it last came, or its layer lies', o.code, i.code, s.code)
FROM erpdesk.serial s
JOIN erpdesk.organization o ON o.id = s.organization_id
JOIN erpdesk.item i ON i.organization_id = s.organization_id AND i.id = s.item_id
LEFT JOIN LATERAL (
    SELECT m.warehouse_id, m.bin_id, m.batch_id, m.layer_id, m.item_id FROM erpdesk.stock_movement m
    WHERE m.organization_id = s.organization_id AND m.serial_id = s.id AND m.quantity > 0
    ORDER BY m.posting_sequence DESC, m.movement_number DESC LIMIT 1) m ON true
LEFT JOIN erpdesk.stock_layer l ON l.organization_id = s.organization_id AND l.id = s.layer_id
WHERE s.warehouse_id IS NOT NULL
  AND (m.item_id IS DISTINCT FROM s.item_id OR m.bin_id IS DISTINCT FROM s.bin_id
       OR m.batch_id IS DISTINCT FROM s.batch_id OR m.layer_id IS DISTINCT FROM s.layer_id
       OR (i.valuation = 'fifo' AND (l.quantity_left, l.warehouse_id, l.serial_id)
           IS DISTINCT FROM (1, s.warehouse_id, s.id)))
"""

_COUNTED = """
SELECT format('%s %s in %s: %s in stock, %s serial numbers there', o.code, i.code, w.code, x.quantity, x.units)
FROM (SELECT b.organization_id, b.item_id, b.warehouse_id, b.quantity, (
          SELECT count(*) FROM erpdesk.serial s WHERE (s.organization_id, s.item_id, s.warehouse_id)
              = (b.organization_id, b.item_id, b.warehouse_id)) AS units
      FROM erpdesk.stock_balance b
      JOIN erpdesk.item t ON t.organization_id = b.organization_id AND t.id = b.item_id
       AND (t.track_serial OR t.is_fixed_product)) x
{names}
WHERE x.quantity <> x.units
"""

_BINS = """
SELECT format('%s %s in %s: %s lie in batches and bins, %s are there', o.code, i.code, w.code, x.placed,
              x.quantity)
FROM (SELECT q.organization_id, q.item_id, q.warehouse_id, sum(q.quantity) AS placed, min(q.quantity) AS least,
             coalesce(min(b.quantity + b.deficit_quantity), 0) AS quantity
      FROM erpdesk.batch_balance q
      LEFT JOIN erpdesk.stock_balance b
        ON (b.organization_id, b.item_id, b.warehouse_id) = (q.organization_id, q.item_id, q.warehouse_id)
      GROUP BY q.organization_id, q.item_id, q.warehouse_id) x
{names}
WHERE x.placed > x.quantity OR x.least < 0
"""

_BELOW_ZERO = """
SELECT format('%s %s in %s: %s, and negative stock is not allowed', o.code, i.code, w.code, x.quantity)
FROM erpdesk.stock_balance x
{names}
WHERE x.quantity < 0 AND x.deficit_quantity = 0
"""

_ACCOUNTS = """
SELECT format('%s %s, account %s: %s in the ledger, stock worth %s', o.code,
              coalesce(v.voucher_number, 'a voucher that is gone'), coalesce(a.code, '(none)'),
              x.posted, x.moved)
FROM (SELECT coalesce(l.organization_id, m.organization_id) AS organization_id,
             coalesce(l.voucher_id, m.voucher_id) AS voucher_id,
             coalesce(l.account_id, m.account_id) AS account_id,
             coalesce(l.amount, 0) AS posted, coalesce(m.value, 0) AS moved
      FROM (SELECT l.organization_id, j.voucher_id, l.account_id, sum(l.debit - l.credit) AS amount
            FROM erpdesk.journal_line l
            JOIN erpdesk.account a ON a.organization_id = l.organization_id AND a.id = l.account_id
             AND a.kind = 'stock'
            LEFT JOIN erpdesk.journal j ON j.organization_id = l.organization_id AND j.id = l.journal_id
            GROUP BY l.organization_id, j.voucher_id, l.account_id) l
      FULL JOIN (SELECT organization_id, voucher_id, account_id, sum(value) AS value
                 FROM erpdesk.stock_movement GROUP BY organization_id, voucher_id, account_id) m
        ON (m.organization_id, m.voucher_id, m.account_id)
         = (l.organization_id, l.voucher_id, l.account_id)) x
JOIN erpdesk.organization o ON o.id = x.organization_id
LEFT JOIN erpdesk.voucher v ON v.organization_id = x.organization_id AND v.id = x.voucher_id
LEFT JOIN erpdesk.account a ON a.organization_id = x.organization_id AND a.id = x.account_id
WHERE x.posted <> x.moved
"""

CHECKS = (
    Check("I5", "SELECT count(*) FROM erpdesk.stock_balance", "stock balances are their movements and layers",
          tuple(question.replace("{names}", _NAMES) for question in (
              _MOVEMENTS, _LAYERS, _LAYER_MOVEMENTS, _DEFICITS, _BATCHES, _SERIALS, _UNITS, _COUNTED, _BINS,
              _BELOW_ZERO))),
    Check("I6", "SELECT count(*) FROM erpdesk.account WHERE kind = 'stock'",
          "inventory accounts have the value of their stock", (_ACCOUNTS,)),
)
