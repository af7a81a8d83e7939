"""What the rows are called that snapshots refer to: code and name by id, and by code where a document says the code."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from erpdesk.storage.report_queries.reading import Reading

_NAMED = ("account", "party", "item", "warehouse", "cost_centre", "branch", "uom", "item_group", "tax_class",
          "price_list")
"""Tables of rows that have a code and a name."""


def names_of_ids(reading: Reading, ids: Collection[str]) -> dict[str, str]:
    """What the rows of these ids are called, as far as they are there."""
    return dict(reading.rows(_BY_ID, {"ids": sorted(ids)})) if ids else {}


def names_of_codes(reading: Reading, codes: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """Code and name by table and code, as documents say the code."""
    wanted = {table: sorted(codes[table]) for table in _NAMED if codes.get(table)}
    if not wanted:
        return {}
    statement = " UNION ALL ".join(_BY_CODE.format(table=table) for table in wanted)
    found = {(table, key): name for table, key, name in reading.rows(statement, wanted)}
    return {(table, code): found[table, code] for table, known in wanted.items() for code in known
            if (table, code) in found}


_NAME_BY_ID = """SELECT x.id::text, {words} FROM erpdesk.{table} x
WHERE x.organization_id = %(organization)s AND x.id = ANY(%(ids)s::uuid[])"""

_VOUCHER_BY_ID = """SELECT v.id::text, coalesce(v.voucher_number, t.label) FROM erpdesk.voucher v
JOIN erpdesk.voucher_config_master t ON t.organization_id = v.organization_id AND t.id = v.voucher_config_id
WHERE v.organization_id = %(organization)s AND v.id = ANY(%(ids)s::uuid[])"""

_BY_ID = " UNION ALL ".join((
    *(_NAME_BY_ID.format(table=table, words="x.code || ' ' || x.name") for table in _NAMED),
    *(_NAME_BY_ID.format(table=table, words=f"x.{column}") for table, column in (
        ("bin_location", "code"), ("fiscal_year", "code"), ("voucher_config_master", "label"),
        ("journal_type", "label"))),
    _VOUCHER_BY_ID))

_BY_CODE = """SELECT '{table}', x.code, x.code || ' ' || x.name FROM erpdesk.{table} x
WHERE x.organization_id = %(organization)s AND x.code = ANY(%({table})s)"""
