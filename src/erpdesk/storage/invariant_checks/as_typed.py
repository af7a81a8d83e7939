"""A voucher is held to the blueprint version that it was typed on, not to what its type has become since."""

# Documents are long: each is opened once, before the join, not once for each voucher and column.
AS_TYPED = """JOIN erpdesk.voucher_config_master now_is
  ON now_is.organization_id = v.organization_id AND now_is.id = v.voucher_config_id
LEFT JOIN (SELECT b.organization_id, b.voucher_config_id, b.version,
                  (b.document ->> 'affects_gl')::boolean AS affects_gl,
                  (b.document ->> 'affects_inventory')::boolean AS affects_inventory,
                  (b.document ->> 'capitalises')::boolean AS capitalises,
                  (b.document ->> 'counts_stock')::boolean AS counts_stock,
                  (b.document ->> 'settles')::boolean AS settles,
                  b.document ->> 'stock_direction' AS stock_direction,
                  b.document ->> 'header_counterpart' AS header_counterpart,
                  b.document ->> 'numbering_method' AS numbering_method
           FROM erpdesk.blueprint_version b OFFSET 0) was
  ON was.organization_id = v.organization_id AND was.voucher_config_id = v.voucher_config_id
 AND was.version = v.blueprint_version
CROSS JOIN LATERAL (
    SELECT coalesce(was.affects_gl, now_is.affects_gl) AS affects_gl,
           coalesce(was.affects_inventory, now_is.affects_inventory) AS affects_inventory,
           coalesce(was.capitalises, now_is.capitalises) AS capitalises,
           coalesce(was.counts_stock, now_is.counts_stock) AS counts_stock,
           coalesce(was.settles, now_is.settles) AS settles,
           coalesce(was.stock_direction, now_is.stock_direction) AS stock_direction,
           coalesce(was.header_counterpart, now_is.header_counterpart) AS header_counterpart,
           coalesce(was.numbering_method, now_is.numbering_method) AS numbering_method) t"""
"""Joins to a voucher `v` the columns of its type as `t`; a version that isn't there leaves those of today."""
