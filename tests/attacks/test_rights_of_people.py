"""Rights attacked through the functions that give them: nobody gives more than they have, to themselves nothing."""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import psycopg
import pytest

from attacks.conftest import GROUPS, Scene
from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.roles import set_password
from helpers.database import Login

pytestmark = pytest.mark.server_versions

VERIFIER = ("SCRAM-SHA-256$4096:AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "=:" + "B" * 43 + "=")
CALLS = ("user_add", "user_rename", "user_password", "user_active", "user_grant", "user_revoke", "user_limits")


def ask(connection: psycopg.Connection[Any], function: str, **values: Any) -> str:
    """The code that a call is refused with; empty when it is done."""
    try:
        with connection.transaction():
            connection.execute(f"SELECT erpdesk.{function}(%s)".encode(), [json.dumps(values)])
    except psycopg.Error as error:
        detail = error.diag.message_detail or ""
        return str(json.loads(detail)["code"]) if detail.startswith("{") else str(error.sqlstate)
    return ""


def hired(scene: Scene, name: str, role: str, *, organization: str = "SHOP", **columns: Any) -> Login:
    """A user of this database with a login of its own, and a membership."""
    database = scene.rows.database
    login = Login(f"{name}_{database.name}", "correct-horse")
    database.logins.append(login)
    with database.connect("superuser") as connection:
        assert ask(connection, "user_add", name=login.name, verifier=VERIFIER) == ""
        set_password(connection, login.name, login.password)
        connection.execute(f'GRANT erpdesk_{role} TO "{login.name}"'.encode())
    of = scene.shop if organization == "SHOP" else scene.rival
    scene.rows.insert("organization_member", organization_id=of.id, user_name=login.name, role=role, **columns)
    return login


@pytest.mark.parametrize("group", [group for group in GROUPS if group != "admin"])
@pytest.mark.parametrize("call", CALLS)
def test_who_may_not_administer_users_does_nothing_to_any(scene: Scene, group: str, call: str) -> None:
    for name in (scene.logins["clerk"].name, scene.logins["admin"].name, "newcomer"):
        refusal = ask(scene.people[group], call, organization="shop", name=name, role="admin", verifier=VERIFIER,
                      active=False, limits=[], permissions=["user.admin"])
        assert refusal == "SEC-001", (name, refusal)


@pytest.mark.parametrize("function", ["login_make", "login_change", "login_groups", "end_sessions",
                                      "end_sessions_as_their_maker", "give_groups", "audit_user", "check_login"])
def test_nobody_calls_what_makes_logins(scene: Scene, function: str) -> None:
    arguments = {"login_make": "('x', NULL)", "login_change": "('x', NULL, true)", "login_groups": "('x', '{admin}')",
                 "audit_user": "('x', 'y')", "check_login": "('x', NULL)"}.get(function, "('x')")
    for group in GROUPS:
        assert scene.refused(group, f"SELECT erpdesk.{function}{arguments}") == "42501"


def test_an_administrator_gives_himself_nothing(scene: Scene) -> None:
    me, admin = scene.logins["admin"].name, scene.people["admin"]
    assert ask(admin, "user_grant", organization="shop", name=me, role="admin", permissions=["year.close"]) == "SEC-006"
    assert ask(admin, "user_limits", organization="shop", name=me, limits=[]) == "SEC-006"
    assert ask(admin, "user_revoke", organization="shop", name=me) == "SEC-006"
    assert ask(admin, "user_active", name=me, active=False) == "SEC-006"
    for statement in ("UPDATE erpdesk.user_limit SET post_limit = NULL", "DELETE FROM erpdesk.user_limit",
                      "UPDATE erpdesk.app_user SET login_is_own = true",
                      "UPDATE erpdesk.role_permission SET role = 'clerk'",
                      "INSERT INTO erpdesk.role_permission VALUES ('clerk', 'everything')",
                      "UPDATE erpdesk.organization_member SET branch_ids = NULL"):
        assert scene.refused("admin", statement) == "42501"


def test_an_administrator_of_one_organization_is_nobody_in_another(scene: Scene) -> None:
    admin, clerk = scene.people["admin"], scene.logins["clerk"].name
    assert ask(admin, "user_grant", organization="rival", name=scene.logins["admin"].name, role="admin") == "ORG-001"
    assert ask(admin, "user_grant", organization="rival", name=clerk, role="admin") == "ORG-001"
    assert ask(admin, "user_limits", organization="rival", name=clerk, limits=[]) == "ORG-001"
    theirs = hired(scene, "theirs", "clerk", organization="RIVAL")
    for call in ("user_password", "user_active", "user_rename"):
        assert ask(admin, call, name=theirs.name, verifier=VERIFIER, active=False, full_name="x") == "SEC-011"
    scene.rows.insert("organization_member", organization_id=scene.shop.id, user_name=theirs.name, role="clerk")
    assert ask(admin, "user_password", name=theirs.name, verifier=VERIFIER) == "SEC-011"
    shown = admin.execute("SELECT erpdesk.people()::text").fetchone()
    assert shown is not None
    assert '"RIVAL"' not in shown[0]


def test_logins_made_elsewhere_keep_their_password(scene: Scene) -> None:
    admin = scene.people["admin"]
    assert ask(admin, "user_password", name=scene.logins["clerk"].name, verifier=VERIFIER) == "SEC-011"
    for name in ("postgres", "erpdesk_owner", "erpdesk_local", "erpdesk_engine", "pg_monitor"):
        assert ask(admin, "user_add", name=name) in ("SEC-004", "SEC-005")
        assert ask(admin, "user_add", name=name, verifier=VERIFIER) in ("SEC-004", "SEC-005")
        assert ask(admin, "user_password", name=name, verifier=VERIFIER) in ("SEC-003", "SEC-011")
        assert ask(admin, "user_active", name=name, active=False) in ("SEC-003", "SEC-011")


@pytest.mark.parametrize("verifier", ["plain", "x'; ALTER ROLE postgres PASSWORD 'x", "SCRAM-SHA-256$", "md5abc", ""])
def test_only_a_verifier_becomes_a_password(scene: Scene, verifier: str) -> None:
    mine = hired(scene, "mine", "clerk")
    assert ask(scene.people["admin"], "user_add", name="newcomer", verifier=verifier) == "28P01"
    assert ask(scene.people["admin"], "user_password", name=mine.name, verifier=verifier) == "28P01"
    scene.rows.database.connect(mine).close()


def test_an_administrator_with_less_gives_no_more(scene: Scene) -> None:
    lesser = hired(scene, "lesser", "accountant", permissions=["user.admin", "voucher.enter"],
                   branch_ids=[scene.shop.branch], voucher_type_codes=["LEDGER"])
    pawn = hired(scene, "pawn", "clerk", permissions=["voucher.enter"], branch_ids=[scene.shop.branch],
                 voucher_type_codes=["LEDGER"])
    scene.rows.execute("GRANT erpdesk_admin TO " + f'"{lesser.name}"')
    branch = scene.rows.execute("SELECT code_key FROM erpdesk.branch WHERE id = %s", scene.shop.branch)[0][0]
    enough = {"organization": "shop", "name": pawn.name, "role": "clerk", "permissions": ["voucher.enter"],
              "branches": [branch], "types": ["LEDGER"]}
    with scene.rows.database.connect(lesser) as connection:
        for more in ({"role": "admin", "permissions": None}, {"permissions": ["voucher.enter", "voucher.post"]},
                     {"branches": None}, {"types": None}):
            assert ask(connection, "user_grant", **enough | more) == "SEC-007", more
        assert ask(connection, "user_grant", **enough) == ""
        for call in ("user_revoke", "user_active", "user_password", "user_limits"):
            assert ask(connection, call, organization="shop", name=scene.logins["clerk"].name, active=False,
                       verifier=VERIFIER, limits=[]) == "SEC-007", call
        assert ask(connection, "user_limits", organization="shop", name=pawn.name,
                   limits=[{"type": "LEDGER", "post": "5"}]) == ""
        scene.rows.execute("UPDATE erpdesk.user_limit SET post_limit = 7 WHERE user_name = %s", pawn.name)
        scene.rows.execute("INSERT INTO erpdesk.user_limit (organization_id, id, user_name, post_limit)"
                           " VALUES (%s, gen_random_uuid(), %s, 6)", scene.shop.id, lesser.name)
        for limits in ([], [{"type": "LEDGER", "post": "6"}], [{"type": None, "post": "6.01"}]):
            assert ask(connection, "user_limits", organization="shop", name=pawn.name, only=True,
                       limits=limits) == "SEC-007", limits
        assert ask(connection, "user_limits", organization="shop", name=pawn.name, only=True,
                   limits=[{"type": None, "post": "6"}]) == ""
        assert ask(connection, "user_add", name=f"puppet_{scene.rows.database.name}", verifier=VERIFIER) == ""
        puppet = Login(f"puppet_{scene.rows.database.name}", "")
        scene.rows.database.logins.append(puppet)
        assert ask(connection, "user_grant", **enough | {"name": puppet.name}) == ""
    assert scene.rows.execute("SELECT post_limit FROM erpdesk.user_limit WHERE user_name = %s", puppet.name) == [(6,)]


@pytest.mark.parametrize("asked", [
    {"branches": "HO"}, {"branches": [None]}, {"branches": {"HO": True}}, {"types": "LEDGER"}, {"types": [5]},
    {"permissions": "voucher.enter"}, {"permissions": 0}, {"permissions": [["voucher.enter"]]}, {"role": None},
])
def test_a_grant_that_is_not_understood_gives_nothing(scene: Scene, asked: dict[str, Any]) -> None:
    """No list at all means every branch, type or permission of the role: what is no list must not mean it, too."""
    clerk = scene.logins["clerk"].name
    before = scene.rows.execute("SELECT m::text FROM erpdesk.organization_member m ORDER BY 1")
    assert ask(scene.people["admin"], "user_grant",
               **{"organization": "shop", "name": clerk, "role": "clerk", **asked}) == "SEC-012"
    assert scene.rows.execute("SELECT m::text FROM erpdesk.organization_member m ORDER BY 1") == before


@pytest.mark.parametrize("limits", [
    [{"post": "NaN"}], [{"enter": "Infinity"}], [{"approve": "1e15"}], [{"post": "-0.01"}], [{"back_date_days": -1}],
    [{"type": "NOTHING", "post": "1"}], [5], 5, None,
])
def test_a_limit_that_limits_nothing_is_refused(scene: Scene, limits: Any) -> None:
    assert ask(scene.people["admin"], "user_limits", organization="shop", name=scene.logins["clerk"].name, only=True,
               limits=limits) == "SEC-012"
    assert scene.rows.execute("SELECT user_name FROM erpdesk.user_limit WHERE organization_id = %s",
                              scene.shop.id) == [("somebody",)]


@pytest.mark.parametrize("active", [None, "false", 0, []])
def test_a_state_that_is_neither_changes_nothing_and_is_not_audited(scene: Scene, active: Any) -> None:
    clerk = scene.logins["clerk"].name
    assert ask(scene.people["admin"], "user_active", name=clerk, active=active) == "SEC-012"
    assert scene.rows.execute("SELECT is_active FROM erpdesk.app_user WHERE name = %s", clerk) == [(True,)]
    assert scene.rows.execute("SELECT 1 FROM erpdesk.audit_entry WHERE object_id = %s", clerk) == []


@pytest.mark.parametrize("full_name", ["x" * 201, "Asha\nadmin", "Asha\x1b[2J"])
def test_a_full_name_is_one_line_that_a_list_has_room_for(scene: Scene, full_name: str) -> None:
    for call in ("user_add", "user_rename"):
        name = "newcomer" if call == "user_add" else scene.logins["clerk"].name
        assert ask(scene.people["admin"], call, name=name, verifier=VERIFIER, full_name=full_name) == "SEC-005"
    assert scene.rows.execute("SELECT 1 FROM erpdesk.app_user WHERE full_name IS NOT NULL") == []


def test_two_administrators_put_each_other_out_and_one_stays(scene: Scene) -> None:
    second = hired(scene, "second", "admin")
    first = scene.logins["admin"].name
    answers: list[str] = []
    with scene.rows.database.connect(second) as other:
        with scene.people["admin"].transaction():
            scene.people["admin"].execute("SELECT erpdesk.user_revoke(%s)", [json.dumps(
                {"organization": "shop", "name": second.name})])
            thread = threading.Thread(target=lambda: answers.append(
                ask(other, "user_revoke", organization="shop", name=first)))
            thread.start()
            until = time.monotonic() + 20
            while not scene.rows.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pid = %s",
                                         other.info.backend_pid):
                assert time.monotonic() < until, "it did not wait"
        thread.join(20)
    assert answers in (["ORG-001"], ["SEC-001"]), answers
    stays = scene.rows.execute("SELECT is_active FROM erpdesk.organization_member WHERE user_name = %s", first)
    assert stays == [(True,)]


def test_the_open_session_of_a_disabled_user_is_ended(scene: Scene) -> None:
    mine = hired(scene, "mine", "clerk")
    with scene.rows.database.connect(mine) as session:
        assert ask(scene.people["admin"], "user_active", name=mine.name, active=False) == ""
        with pytest.raises(psycopg.OperationalError):
            session.execute("SELECT 1")
    with pytest.raises(NoDatabaseError):
        scene.rows.database.connect(mine)


@pytest.mark.parametrize("group", GROUPS)
def test_a_session_that_outlives_its_user_sees_and_does_nothing(scene: Scene, group: str) -> None:
    """Where the server can't end it: the login was made elsewhere, or signals aren't ours to send."""
    name, session = scene.logins[group].name, scene.people[group]
    scene.rows.execute("UPDATE erpdesk.app_user SET is_active = false WHERE name = %s", name)
    for table in scene.organization_tables():
        if scene.code(session, f"SELECT FROM erpdesk.{table}") is None and table != "user_preference":
            rows = session.execute(f"SELECT count(*) FROM erpdesk.{table}".encode()).fetchone()
            assert rows == (0,), table
    assert ask(session, "user_active", name=name, active=True) == "SEC-001"
    assert ask(session, "user_grant", organization="shop", name=name, role="admin") == "ORG-001"
    assert scene.refused(session, "UPDATE erpdesk.app_user SET is_active = true") == "42501"
    assert scene.refused(session, "SELECT erpdesk.create_organization('{}')") == "42501"
    assert scene.refused(session, f'ALTER ROLE "{name}" CREATEROLE') == "42501"


def test_an_auditor_of_one_organization_reads_no_audit_of_another(scene: Scene) -> None:
    both = hired(scene, "both", "clerk")
    scene.rows.insert("organization_member", organization_id=scene.rival.id, user_name=both.name, role="auditor")
    scene.rows.execute(f'GRANT erpdesk_auditor, erpdesk_admin TO "{both.name}"')
    with scene.rows.database.connect(both) as session:
        for table in ("audit_entry", "audit_seal", "organization_member", "user_limit"):
            others = " WHERE user_name <> session_user" if table == "organization_member" else ""
            seen = session.execute(f"SELECT DISTINCT organization_id FROM erpdesk.{table}{others}".encode())
            assert seen.fetchall() == [(scene.rival.id,)], table


def test_a_member_who_administers_nothing_makes_no_organization(scene: Scene) -> None:
    """The group of administrators comes with single permissions, too."""
    clerk = scene.logins["clerk"].name
    assert ask(scene.people["admin"], "user_grant", organization="shop", name=clerk, role="clerk",
               permissions=["voucher.enter", "config.edit"]) == ""
    assert scene.rows.execute("SELECT pg_has_role(%s, 'erpdesk_admin', 'MEMBER')", clerk) == [(True,)]
    assert scene.refused("clerk", "SELECT erpdesk.create_organization('{}')") == "42501"


def test_what_is_done_to_a_user_is_audited(scene: Scene) -> None:
    mine, admin = hired(scene, "mine", "clerk"), scene.people["admin"]
    assert ask(admin, "user_password", name=mine.name, verifier=VERIFIER) == ""
    assert ask(admin, "user_active", name=mine.name, active=False) == ""
    assert ask(admin, "user_grant", organization="shop", name=mine.name, role="approver") == ""
    assert ask(admin, "user_limits", organization="shop", name=mine.name, limits=[{"post": "5"}]) == ""
    rows = scene.rows.execute("SELECT action, object_type FROM erpdesk.audit_entry WHERE actor = %s ORDER BY sequence",
                              scene.logins["admin"].name)
    assert rows == [("password changed", "app_user"), ("disabled", "app_user"), ("changed", "organization_member"),
                    ("created", "user_limit")]
