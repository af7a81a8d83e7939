"""What a copy of a posted voucher changes in each table; every other column is as in the voucher copied.

`v` is the copy (its number, ids, day and place in the order of posting), `t` its template, `x` the template's row.
"""

from __future__ import annotations

COPIES: dict[str, tuple[str, dict[str, str]]] = {
    "voucher": (
        "x.id = t.voucher_id",
        {
            "id": "v.id",
            "voucher_on": "v.day",
            "entry_on": "v.day",
            "posting_sequence": "v.place",
            "voucher_number": "'YR/' || v.n",
            "voucher_number_key": "'yr/' || v.n",
            "idempotency_key": "'yr-' || v.n",
            "ref_no": "CASE WHEN x.ref_no IS NOT NULL THEN 'YR-' || v.n END",
            "fiscal_year_id": "v.fiscal_year_id",
        },
    ),
    "voucher_line": (
        "x.voucher_id = t.voucher_id",
        {
            "voucher_id": "v.id",
        },
    ),
    "voucher_charge": (
        "x.voucher_id = t.voucher_id",
        {
            "voucher_id": "v.id",
        },
    ),
    "journal": (
        "x.voucher_id = t.voucher_id",
        {
            "id": "v.journal_id",
            "voucher_id": "v.id",
            "posted_on": "v.day",
            "posting_sequence": "v.place",
            "period_id": "v.period_id",
            "fiscal_year_id": "v.fiscal_year_id",
            "transaction_id": "-v.n",
        },
    ),
    "journal_line": (
        "x.journal_id = t.journal_id",
        {
            "journal_id": "v.journal_id",
            "posted_on": "v.day",
            "posting_sequence": "v.place",
        },
    ),
    "stock_layer": (
        "x.source_voucher_id = t.voucher_id",
        {
            "id": "v.layer_id",
            "received_on": "v.day",
            "posting_sequence": "v.place",
            "source_voucher_id": "v.id",
            "quantity_left": "0",
            "value_left": "0",
        },
    ),
    "stock_movement": (
        "x.voucher_id = t.voucher_id",
        {
            "id": "v.movement_id",
            "voucher_id": "v.id",
            "journal_id": "v.journal_id",
            "moved_on": "v.day",
            "posting_sequence": "v.place",
            "layer_id": "v.layer_id",
            "fiscal_year_id": "v.fiscal_year_id",
        },
    ),
    "open_item": (
        "x.voucher_id = t.voucher_id",
        {
            "id": "v.open_item_id",
            "voucher_id": "v.id",
            "dated_on": "v.day",
        },
    ),
    "source_line": (
        "x.voucher_id = t.voucher_id",
        {
            "voucher_id": "v.id",
        },
    ),
    "voucher_number": (
        "x.voucher_id = t.voucher_id",
        {
            "voucher_id": "v.id",
            "series_code": "'YEARS'",
            "number": "CASE WHEN t.is_sale THEN v.n - v.n / 10 ELSE v.n / 10 + 1 END",
        },
    ),
    "idempotency_key": (
        "x.object_id = t.voucher_id",
        {
            "key": "'yr-' || v.n",
            "object_id": "v.id",
        },
    ),
    "audit_entry": (
        "x.object_type = 'voucher' AND x.object_id = t.voucher_id::text",
        {
            "id": "v.audit_id",
            "sequence": "v.place",
            "object_id": "v.id::text",
            "transaction_id": "-v.n",
        },
    ),
    "integration_event": (
        "x.source_type = 'voucher' AND x.source_id = t.voucher_id::text",
        {
            "id": "v.event_id",
            "source_id": "v.id::text",
            "status": "'done'",
        },
    ),
    "voucher_process": (
        "x.voucher_id = t.voucher_id",
        {
            "voucher_id": "v.id",
        },
    ),
    "posting_log": (
        "x.voucher_id = t.voucher_id",
        {
            "id": "v.log_id",
            "voucher_id": "v.id",
            "idempotency_key": "'yr-' || v.n",
        },
    ),
}

TEMPLATES = """
CREATE TEMP TABLE template AS
SELECT t.code = 'SALES_INVOICE' AS is_sale, substr(v.idempotency_key, length('template-sale-') + 1 + CASE t.code
           WHEN 'SALES_INVOICE' THEN 0 ELSE length('purchase') - length('sale') END)::integer AS item,
       v.organization_id, v.id AS voucher_id, j.id AS journal_id, v.party_id, v.base_total AS total
FROM erpdesk.voucher v
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
JOIN erpdesk.journal j ON j.organization_id = v.organization_id AND j.voucher_id = v.id
WHERE v.idempotency_key LIKE 'template-%'
"""

VOUCHERS = """
CREATE TEMP TABLE copy AS
SELECT n, t.voucher_id AS template_id, d.day, p.id AS period_id, p.fiscal_year_id, (n + 1000000)::bigint AS place,
       pg_temp.id_of('1', n) AS id, pg_temp.id_of('2', n) AS journal_id, pg_temp.id_of('3', n / 10) AS layer_id,
       pg_temp.id_of('4', n) AS movement_id, pg_temp.id_of('5', n) AS open_item_id,
       pg_temp.id_of('6', n) AS audit_id, pg_temp.id_of('7', n) AS event_id, pg_temp.id_of('8', n) AS log_id
FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
JOIN template t ON t.item = n / 10 %% 60 AND t.is_sale = (n %% 10 <> 0)
CROSS JOIN LATERAL (SELECT %(start)s::date + (n / 10 %% %(days)s)::integer AS day) d
JOIN erpdesk.accounting_period p ON p.organization_id = t.organization_id AND d.day BETWEEN p.starts_on AND p.ends_on
"""

ID_OF = """
CREATE FUNCTION pg_temp.id_of(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('0190000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$
"""

BALANCES = """
INSERT INTO erpdesk.party_balance AS b (organization_id, party_id, balance)
SELECT t.organization_id, t.party_id, sum(CASE WHEN t.is_sale THEN t.total ELSE -t.total END)
FROM copy v JOIN template t ON t.voucher_id = v.template_id GROUP BY 1, 2
ON CONFLICT (organization_id, party_id) DO UPDATE SET balance = b.balance + excluded.balance
"""

COUNTERS = """
INSERT INTO erpdesk.number_counter
    (organization_id, voucher_config_id, series_code, branch_id, restart_key, last_number)
SELECT organization_id, voucher_config_id, series_code, branch_id, restart_key, max(number)
FROM erpdesk.voucher_number WHERE series_code = 'YEARS' GROUP BY 1, 2, 3, 4, 5
"""

SEQUENCES = """
SELECT setval('erpdesk.posting_sequence', (SELECT max(posting_sequence) FROM erpdesk.voucher)),
       setval('erpdesk.audit_sequence', (SELECT max(sequence) FROM erpdesk.audit_entry))
"""
