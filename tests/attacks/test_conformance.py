"""Every table and function of the schema, present and future, keeps the rules that the attacks rely on."""

from __future__ import annotations

from typing import Any

import pytest

from helpers.database import Database

pytestmark = pytest.mark.server_versions

ANYBODY_MAY_ASK = {"limited_branches", "may", "my_organizations", "my_organizations_with", "sees_branch"}
"""Policies call them for whoever asks; they answer about session_user alone."""

BAD_ANSWERS: dict[str, str] = {
    "table without organization": """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind IN ('r', 'p') AND NOT EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id')
          AND c.relname NOT IN ('organization', 'alembic_version', 'app_user', 'role_permission', 'schema_info',
                                'status_transition')""",
    "primary key that doesn't begin with the organization": """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
        LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind IN ('r', 'p')
          AND k.conkey[1] IS DISTINCT FROM a.attnum""",
    "unique key that doesn't begin with the organization": """
        SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND i.indisunique AND i.indkey[0] <> a.attnum""",
    "foreign key that doesn't carry the organization": """
        SELECT k.conname FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid
        JOIN pg_class c ON c.oid = k.conrelid
        JOIN pg_attribute o ON o.attrelid = k.conrelid AND o.attname = 'organization_id'
        WHERE k.contype = 'f' AND t.relnamespace = 'erpdesk'::regnamespace AND NOT (
            CASE t.relname WHEN 'organization' THEN k.conkey = ARRAY[o.attnum]
            ELSE k.conkey[1] = o.attnum AND k.confkey[1] = (
                SELECT attnum FROM pg_attribute WHERE attrelid = t.oid AND attname = 'organization_id') END)""",
    "table of an organization that no foreign key ties to one": """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id'
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind IN ('r', 'p') AND NOT EXISTS (
            SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey[1] = a.attnum)""",
    "table without forced row-level security": """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind IN ('r', 'p') AND (
            c.relname = 'organization' OR EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'))
          AND NOT (c.relrowsecurity AND (c.relforcerowsecurity OR c.relname = 'organization_member'))""",
    "policy that every table has, missing or different": """
        SELECT c.relname || '.' || w.name FROM pg_class c
        CROSS JOIN (VALUES
            ('member', '%%ANY (%%SELECT %%my_organizations()%%'),
            ('owner', '%%SESSION_USER%%erpdesk_owner%%erpdesk_worker%%'),
            ('engine', 'true')) AS w (name, expression)
        LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = w.name
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND c.relkind IN ('r', 'p') AND (
            c.relname = 'organization' OR EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization_id'))
          AND (p.oid IS NULL OR p.polcmd <> '*' OR NOT p.polpermissive
               OR pg_get_expr(p.polqual, c.oid) NOT LIKE w.expression
               OR pg_get_expr(p.polwithcheck, c.oid) NOT LIKE w.expression
               OR (w.name = 'engine') <> (p.polroles = ARRAY['erpdesk_engine'::regrole::oid]))""",
    "permissive policy nobody has thought of": """
        SELECT p.polrelid::regclass || '.' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND p.polpermissive
          AND NOT (p.polname IN ('member', 'owner', 'engine') OR (c.relname = 'app_user' AND p.polname = 'self'))""",
    "policy that asks current_user": """
        SELECT p.polrelid::regclass || '.' || p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace = 'erpdesk'::regnamespace
          AND (pg_get_expr(p.polqual, c.oid) ~* 'current_user|current_setting'
               OR pg_get_expr(p.polwithcheck, c.oid) ~* 'current_user|current_setting')""",
    "function that asks current_user or a setting": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prosrc ~* '\\mcurrent_user\\M|current_setting'""",
    "definer function without a fixed search path": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prosecdef AND NOT EXISTS (
            SELECT FROM unnest(p.proconfig) s
            WHERE s ~ '^search_path=(erpdesk, )?pg_catalog, pg_temp$')""",
    "definer function of another owner than the engine": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prosecdef
          AND p.proowner NOT IN ('erpdesk_engine'::regrole, 'erpdesk_users'::regrole)
          AND p.proname <> 'refresh_statistics' -- only a table's owner may ANALYZE it; it reads and writes no row""",
    "function that anybody may call": """
        SELECT p.proname FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(
            p.proacl, acldefault('f', p.proowner))) AS a
        WHERE p.pronamespace = 'erpdesk'::regnamespace AND a.grantee = 0 AND NOT p.proname = ANY (%s)""",
    "function that runs text as SQL": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prosecdef AND p.prosrc ~* '\\mEXECUTE\\s'
          AND p.proowner <> 'erpdesk_users'::regrole
          AND p.proname NOT IN ('master_users', 'masters_refused', 'refresh_statistics') -- names of tables alone""",
    "privilege of PUBLIC": """
        SELECT c.relname || ' ' || a.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND a.grantee = 0
        UNION ALL
        SELECT 'database ' || a.privilege_type FROM pg_database d CROSS JOIN LATERAL aclexplode(
            coalesce(d.datacl, acldefault('d', d.datdba))) AS a
        WHERE d.datname = current_database() AND a.grantee = 0
        UNION ALL
        SELECT 'schema ' || n.nspname || ' ' || a.privilege_type FROM pg_namespace n CROSS JOIN LATERAL aclexplode(
            coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a
        WHERE n.nspname IN ('erpdesk', 'public') AND a.grantee = 0""",
    "right to make objects that a group has": """
        SELECT r.rolname FROM pg_roles r
        WHERE r.rolname ~ '^erpdesk_(clerk|approver|accountant|admin|auditor|worker)$'
          AND (has_schema_privilege(r.oid, 'erpdesk', 'CREATE') OR has_schema_privilege(r.oid, 'public', 'CREATE')
               OR has_database_privilege(r.oid, current_database(), 'CREATE')
               OR has_database_privilege(r.oid, current_database(), 'TEMP'))""",
    "right of a group beyond reading and its own tables": """
        SELECT r.rolname || ' ' || c.relname || ' ' || p.name FROM pg_roles r
        JOIN pg_class c ON c.relnamespace = 'erpdesk'::regnamespace AND c.relkind IN ('r', 'p')
        CROSS JOIN unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (name)
        WHERE r.rolname ~ '^erpdesk_(clerk|approver|accountant|admin|auditor|worker|engine)$'
          AND has_table_privilege(r.oid, c.oid, p.name)""",
    "role above row-level security": """
        SELECT rolname FROM pg_roles WHERE rolname LIKE 'erpdesk\\_%%' AND (rolsuper OR rolbypassrls OR rolreplication
            OR (rolcreaterole AND rolname <> 'erpdesk_users'))""",
    "login that may act as owner, engine or worker": """
        SELECT m.rolname FROM pg_auth_members a JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
        WHERE r.rolname IN ('erpdesk_owner', 'erpdesk_worker', 'erpdesk_engine', 'erpdesk_users')
          AND m.rolname NOT IN ('erpdesk_owner') AND NOT m.rolsuper""",
    "view that shows rows with its owner's rights": """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'erpdesk'::regnamespace AND (c.relkind = 'm' OR (
            c.relkind = 'v' AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)))""",
    "foreign key without an index to find what it holds": """
        SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND c.relname IN ('journal', 'voucher_number', 'settlement', 'open_item')
          AND c.relnamespace = 'erpdesk'::regnamespace AND k.conkey[2] IS NOT NULL
          AND k.confrelid = 'erpdesk.voucher'::regclass AND k.conname NOT LIKE '%%released%%' AND NOT EXISTS (
            SELECT FROM pg_index i WHERE i.indrelid = k.conrelid AND i.indkey[0] = k.conkey[1]
              AND i.indkey[1] = k.conkey[2])""",
    "trigger that is switched off": """
        SELECT t.tgrelid::regclass || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'erpdesk'::regnamespace AND t.tgenabled NOT IN ('O', 'A')""",
}


def rows(database: Database, question: str) -> list[tuple[Any, ...]]:
    with database.connect("superuser") as connection:
        values = [list(ANYBODY_MAY_ASK)] if "%s" in question else []
        return connection.execute(question.encode(), values).fetchall()


@pytest.mark.parametrize("question", BAD_ANSWERS.values(), ids=BAD_ANSWERS.keys())
def test_schema_has_no(database: Database, question: str) -> None:
    assert rows(database, question) == []


FUNCTION = "CREATE FUNCTION erpdesk.mine() RETURNS {returns} LANGUAGE plpgsql {how} AS $$ BEGIN {body} END $$"
DEFINER = "SECURITY DEFINER SET search_path = erpdesk, pg_catalog, pg_temp"


def function(how: str = "", body: str = "RETURN;", returns: str = "void") -> str:
    return FUNCTION.format(how=how, body=body, returns=returns)


MISTAKES: dict[str, str] = {
    "table without organization": "CREATE TABLE erpdesk.mine (x integer)",
    "primary key that doesn't begin with the organization":
        "CREATE TABLE erpdesk.mine (x integer, organization_id uuid, PRIMARY KEY (x, organization_id))",
    "unique key that doesn't begin with the organization": "CREATE UNIQUE INDEX ON erpdesk.voucher (id)",
    "foreign key that doesn't carry the organization":
        "ALTER TABLE erpdesk.account ADD UNIQUE (id); ALTER TABLE erpdesk.batch ADD COLUMN mine uuid"
        " REFERENCES erpdesk.account (id)",
    "table of an organization that no foreign key ties to one":
        "CREATE TABLE erpdesk.mine (organization_id uuid PRIMARY KEY)",
    "table without forced row-level security": "ALTER TABLE erpdesk.voucher NO FORCE ROW LEVEL SECURITY",
    "policy that every table has, missing or different": "ALTER POLICY member ON erpdesk.voucher USING (true)",
    "permissive policy nobody has thought of": "CREATE POLICY mine ON erpdesk.voucher USING (true)",
    "policy that asks current_user": "CREATE POLICY mine ON erpdesk.voucher USING (CURRENT_USER = 'x')",
    "function that asks current_user or a setting": function(body="PERFORM current_setting('mine'); RETURN;"),
    "definer function without a fixed search path": function("SECURITY DEFINER"),
    "definer function of another owner than the engine": function(DEFINER),
    "function that anybody may call": function() + "; GRANT EXECUTE ON FUNCTION erpdesk.mine() TO PUBLIC",
    "function that runs text as SQL": function(DEFINER, "EXECUTE 'SELECT 1'; RETURN;"),
    "privilege of PUBLIC": "GRANT SELECT ON erpdesk.uom TO PUBLIC",
    "right to make objects that a group has": "GRANT CREATE ON SCHEMA erpdesk TO erpdesk_admin",
    "right of a group beyond reading and its own tables": "GRANT TRUNCATE ON erpdesk.uom TO erpdesk_admin",
    "view that shows rows with its owner's rights": "CREATE VIEW erpdesk.mine AS SELECT * FROM erpdesk.voucher",
    "foreign key without an index to find what it holds": "DROP INDEX erpdesk.ix_settlement_voucher",
    "trigger that is switched off": "ALTER TABLE erpdesk.journal DISABLE TRIGGER journal_balances",
}
OF_THE_CLUSTER = {"role above row-level security", "login that may act as owner, engine or worker"}
"""Roles are shared by all test databases: what would be seen can't be made here."""


@pytest.mark.parametrize(("name", "mistake"), MISTAKES.items(), ids=MISTAKES.keys())
def test_question_sees_the_mistake(database: Database, name: str, mistake: str) -> None:
    with database.connect("superuser") as connection:
        connection.execute(mistake.encode())
    assert rows(database, BAD_ANSWERS[name]) != []


def test_every_question_has_its_mistake() -> None:
    assert MISTAKES.keys() | OF_THE_CLUSTER == BAD_ANSWERS.keys()


def test_tables_are_there_to_be_looked_at(database: Database) -> None:
    [[count]] = rows(database, "SELECT count(*) FROM pg_class WHERE relnamespace = 'erpdesk'::regnamespace"
                               " AND relkind = 'r' AND relrowsecurity")
    assert count >= 60
