"""I9: every row belongs to one organization, and row-level security shows it to nobody else."""

from __future__ import annotations

from erpdesk.storage.invariant_checks.check import Check

_TABLES = """
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'erpdesk'
JOIN pg_catalog.pg_attribute k ON k.attrelid = c.oid AND NOT k.attisdropped
 AND k.attname = CASE c.relname WHEN 'organization' THEN 'id' ELSE 'organization_id' END
WHERE c.relkind IN ('r', 'p')
"""

_UNPROTECTED = """
SELECT format('%s has no row-level security, or not for its owner', c.relname)
{tables} AND NOT (c.relrowsecurity AND (c.relforcerowsecurity OR c.relname = 'organization_member'))
"""

_WITHOUT_POLICY = """
SELECT format('%s lacks the policy that keeps organizations apart', c.relname)
{tables} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_policy p
    WHERE p.polrelid = c.oid AND p.polname = 'member' AND p.polcmd = '*' AND p.polpermissive
      AND pg_get_expr(p.polqual, p.polrelid) LIKE '%my_organizations()%'
      AND pg_get_expr(p.polwithcheck, p.polrelid) LIKE '%my_organizations()%')
"""

_OPEN_POLICY = """
SELECT format('%s: the policy %s shows rows to everybody', c.relname, p.polname)
{policies}
  AND p.polpermissive AND p.polname NOT IN ('member', 'owner', 'engine', 'self')
UNION ALL
SELECT format('%s: the policy engine is for others than erpdesk_engine', c.relname)
{policies}
  AND p.polname = 'engine'
  AND p.polroles <> ARRAY(SELECT oid FROM pg_catalog.pg_roles WHERE rolname = 'erpdesk_engine')
"""

_KEYS = """
SELECT format('the primary key of %s does not begin with its organization', c.relname)
{tables} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint x
    WHERE x.conrelid = c.oid AND x.contype = 'p' AND x.conkey[1] = k.attnum)
"""

_ROLES = """
SELECT format('%s stands above row-level security', r.rolname)
FROM pg_catalog.pg_roles r
WHERE r.rolname LIKE 'erpdesk\\_%' AND (r.rolsuper OR r.rolbypassrls)
UNION ALL
SELECT format('somebody may log in as %s', r.rolname)
FROM pg_catalog.pg_roles r WHERE r.rolname = 'erpdesk_engine' AND r.rolcanlogin
"""

_MEMBERS = """
SELECT format('%s is a member of %s', m.rolname, r.rolname)
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member
WHERE (r.rolname IN ('erpdesk_owner', 'erpdesk_worker')
       OR (r.rolname IN ('erpdesk_engine', 'erpdesk_users') AND m.rolname <> 'erpdesk_owner'))
  AND NOT m.rolsuper
"""

ROWS_OF_NOBODY = """
SELECT format('%s: %s rows belong to no organization', {name}, count(*))
FROM erpdesk.{table} x LEFT JOIN erpdesk.organization o ON o.id = x.organization_id
WHERE o.id IS NULL HAVING count(*) > 0
"""
"""Asked of every table of an organization; `name` is its name as text, `table` as identifier."""

_LISTED = "SELECT c.relname {tables} AND c.relname <> 'organization' ORDER BY c.relname"
_COUNT = "SELECT count(*) {tables}"


def _over_tables(question: str) -> str:
    """The question with the tables of an organization, or their policies, put in."""
    policies = _TABLES.replace("WHERE", "JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid WHERE", 1)
    return question.replace("{tables}", _TABLES).replace("{policies}", policies)


TABLES = _over_tables(_LISTED)

CHECKS = (
    Check("I9", _over_tables(_COUNT), "tables keep organizations apart",
          tuple(map(_over_tables, (_UNPROTECTED, _WITHOUT_POLICY, _OPEN_POLICY, _KEYS, _ROLES, _MEMBERS)))),
)
