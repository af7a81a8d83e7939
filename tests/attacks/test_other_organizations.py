"""I9 attacked: nobody reads or writes another organization's rows, whatever table and whatever way."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors, sql

from attacks.conftest import GROUPS, Scene

pytestmark = pytest.mark.server_versions


ENGINE_ONLY = {"number_claim"}
"""Tables that nobody but the engine reads."""


@pytest.mark.invariant("I9")
@pytest.mark.parametrize("group", GROUPS)
def test_no_table_shows_a_row_of_another_organization(scene: Scene, group: str) -> None:
    shown, looked_at = [], 0
    for table in scene.organization_tables():
        count = sql.SQL("SELECT count(*) FROM erpdesk.{} WHERE organization_id = {}").format(
            sql.Identifier(table), scene.rival.id)
        [[there]] = scene.rows.connection.execute(count).fetchall()
        looked_at += bool(there)
        try:
            [[seen]] = scene.people[group].execute(count).fetchall()
        except errors.InsufficientPrivilege:
            continue
        shown += [table] if seen else []
    assert shown == []
    assert looked_at >= 25
    assert scene.people[group].execute("SELECT code FROM erpdesk.organization").fetchall() == [("SHOP",)]


def test_the_same_tables_show_the_rows_of_ones_own_organization(scene: Scene) -> None:
    admin = scene.people["admin"]
    for table in set(scene.organization_tables()) - ENGINE_ONLY:
        count = sql.SQL("SELECT count(*) FROM erpdesk.{} WHERE organization_id = {}").format(
            sql.Identifier(table), scene.shop.id)
        [[there]] = scene.rows.connection.execute(count).fetchall()
        assert admin.execute(count).fetchall() == [(there,)], table


@pytest.mark.invariant("I9")
@pytest.mark.parametrize("group", GROUPS)
def test_no_table_takes_a_row_for_another_organization(scene: Scene, group: str) -> None:
    person = scene.people[group]
    for table in scene.organization_tables():
        with pytest.raises(errors.InsufficientPrivilege):
            person.execute(sql.SQL("INSERT INTO erpdesk.{} (organization_id) VALUES ({})").format(
                sql.Identifier(table), scene.rival.id))


@pytest.mark.invariant("I9")
@pytest.mark.parametrize("group", GROUPS)
def test_no_row_moves_to_or_changes_in_another_organization(scene: Scene, group: str) -> None:
    person = scene.people[group]
    for table in scene.organization_tables():
        name, rival = sql.Identifier(table), scene.rival.id
        for statement in (
                sql.SQL("UPDATE erpdesk.{} SET organization_id = organization_id WHERE organization_id = {}"),
                sql.SQL("DELETE FROM erpdesk.{} WHERE organization_id = {}")):
            try:
                assert person.execute(statement.format(name, rival)).rowcount == 0, table
            except errors.InsufficientPrivilege:
                continue
        try:
            moved = person.execute(sql.SQL("UPDATE erpdesk.{} SET organization_id = {}").format(name, rival)).rowcount
        except (errors.InsufficientPrivilege, errors.CheckViolation):
            continue
        assert moved == 0, table


@pytest.mark.invariant("I9")
def test_turning_row_security_off_shows_nothing_more(scene: Scene) -> None:
    scene.clerk.execute("SET row_security = off")
    assert scene.refused("clerk", "SELECT * FROM erpdesk.voucher") == "42501"


@pytest.mark.invariant("I9")
def test_settings_that_anybody_can_set_open_nothing(scene: Scene) -> None:
    for setting in ("erpdesk.user", "app.user", "session.user", "role.name"):
        scene.clerk.execute("SELECT set_config(%s, %s, false)", (setting, "erpdesk_owner"))
    scene.clerk.execute("SET application_name = 'erpdesk_owner'")
    assert scene.clerk.execute("SELECT count(*) FROM erpdesk.organization").fetchall() == [(1,)]


def test_a_function_of_the_attacker_in_a_condition_sees_no_hidden_row(scene: Scene) -> None:
    """Row-level security is a security barrier: a leaky condition isn't run on rows that aren't shown."""
    said: list[str] = []
    scene.clerk.add_notice_handler(lambda notice: said.append(str(notice.message_primary)))
    made = scene.clerk.execute("SELECT has_database_privilege(current_database(), 'TEMP')").fetchall()[0][0]
    assert made is False
    for leaky in ("1 / (total - total) > 0", "voucher_number::int > 0"):
        with pytest.raises(psycopg.Error) as caught:
            scene.clerk.execute(sql.SQL("SELECT * FROM erpdesk.voucher WHERE organization_id = {} OR "
                                        + leaky).format(scene.rival.id))
        assert "IN/" not in str(caught.value) or str(scene.rival.id) not in str(caught.value)
    assert said == []


DEFINERS = """
SELECT p.oid::regprocedure::text, p.proname, p.proargtypes::regtype[]::text[]
FROM pg_proc p
WHERE p.pronamespace = 'erpdesk'::regnamespace AND p.prosecdef AND p.prorettype <> 'trigger'::regtype
  AND has_function_privilege(%s, p.oid, 'EXECUTE') AND 'uuid'::regtype = ANY (p.proargtypes::regtype[])
"""

HARMLESS = {"may": False, "sees_branch": False}
"""Questions that answer no about others instead of refusing."""


@pytest.mark.invariant("I9")
@pytest.mark.parametrize("group", GROUPS)
def test_no_function_works_on_another_organization(scene: Scene, group: str) -> None:
    person = scene.people[group]
    values = {"uuid": str(scene.rival.id), "text": "x", "jsonb": "{}", "boolean": "true", "integer": "1",
              "date": "2026-04-02", "bigint": "1", "uuid[]": "{}", "text[]": "{}", "numeric": "1"}
    called = 0
    for signature, name, types in scene.rows.execute(DEFINERS, scene.logins[group].name):
        given = sql.SQL(", ").join(sql.SQL("{}::{}").format(sql.Literal(values[one]), sql.SQL(one)) for one in types)
        call = sql.SQL("SELECT erpdesk.{}({})").format(sql.Identifier(name), given)
        called += 1
        if name in HARMLESS:
            assert person.execute(call).fetchall() == [(HARMLESS[name],)]
            continue
        with pytest.raises(psycopg.Error) as caught:
            person.execute(call)
        no_right = caught.value.sqlstate == "42501" or "is not a member of this organization" in str(caught.value)
        assert no_right, signature
    assert called >= 2


@pytest.mark.invariant("I9", attacks=11)
@pytest.mark.parametrize("group", ["clerk", "accountant"])
def test_a_member_limited_to_a_branch_finds_no_trace_of_other_branches(scene: Scene, group: str) -> None:
    person, login = scene.people[group], scene.logins[group]
    tables = ("voucher_number", "stock_layer", "idempotency_key", "posting_log", "integration_event", "audit_entry",
              "source_line", "reservation", "loyalty_entry", "stock_deficit", "deficit_settlement")
    scene.rows.execute("UPDATE erpdesk.posting_log SET voucher_id = %s", scene.voucher)
    scene.rows.execute("UPDATE erpdesk.integration_event SET source_id = %s", str(scene.voucher))
    readable = [table for table in tables if table != "audit_entry" or group != "clerk"]

    def seen() -> dict[str, int]:
        found = {}
        for table in readable:
            only = sql.SQL(" WHERE object_type = 'voucher'" if table == "audit_entry" else "")
            count = sql.SQL("SELECT count(*) FROM erpdesk.{}{}").format(sql.Identifier(table), only)
            found[table] = person.execute(count).fetchall()[0][0]
        return found

    before = seen()
    assert all(before[table] for table in readable if table in tables[:6])
    scene.rows.execute("UPDATE erpdesk.organization_member SET branch_ids = %s WHERE user_name = %s",
                       [scene.rival.branch], login.name)
    assert set(seen().values()) == {0}
    [[named]] = person.execute(
        "SELECT erpdesk.posting_resolve(%s, jsonb_build_object('type', 'LEDGER', 'date', '2026-04-04', 'vouchers',"
        " ARRAY[(%s)])) -> 'vouchers'", (scene.shop.id, scene.rows.execute(
            "SELECT voucher_number FROM erpdesk.voucher WHERE id = %s", scene.voucher)[0][0])).fetchall()
    assert named is None
    [[effects]] = person.execute("SELECT erpdesk.reversal_effects(%s, %s)",
                                 (scene.shop.id, str(scene.voucher))).fetchall()
    assert set(effects.values()) == {None}
    scene.rows.execute("UPDATE erpdesk.organization_member SET branch_ids = %s WHERE user_name = %s",
                       [scene.shop.branch], login.name)
    assert seen() == before
