"""The log of prints attacked: an original is printed once, whatever SQL somebody knows; templates stay theirs."""

from __future__ import annotations

import threading
import time
from uuid import UUID, uuid4

import psycopg
import pytest

from attacks.conftest import GROUPS, Scene
from helpers.hostile import hostile_desk
from helpers.trading import Trade, journal

pytestmark = pytest.mark.server_versions
PRINT = "SELECT erpdesk.voucher_printed(%s, %s, %s, '{}')"


def printed(scene: Scene, copies: int = 1, who: str = "clerk") -> int:
    with scene.people[who].transaction():
        row = scene.people[who].execute(PRINT.encode(), (scene.shop.id, scene.voucher, copies)).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("group", GROUPS)
def test_everybody_who_sees_a_voucher_prints_it_and_nobody_twice_the_original(scene: Scene, group: str) -> None:
    assert printed(scene, 1, group) == 1
    assert printed(scene, 2, group) == 2
    assert printed(scene, 1, group) == 4
    actors = scene.rows.execute("SELECT DISTINCT printed_by FROM erpdesk.voucher_print")
    assert actors == [(scene.logins[group].name,)]


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("who", [*GROUPS, "owner", "superuser"])
def test_the_count_of_copies_is_never_lowered(scene: Scene, who: str) -> None:
    printed(scene, 3)
    refusal = "42501" if who in GROUPS else "23514 i3_books_never_change"
    statements = ("DELETE FROM erpdesk.voucher_print", "UPDATE erpdesk.voucher_print SET copy_number = 1",
                  "UPDATE erpdesk.voucher_print SET printed_by = 'nobody'", "TRUNCATE erpdesk.voucher_print")
    if who in GROUPS:
        for statement in statements:
            assert scene.refused(who, statement) == refusal
    else:
        with scene.rows.database.connect(who) as master:
            for statement in statements:
                assert scene.refused(master, statement) == refusal
    assert printed(scene) == 4


@pytest.mark.invariant("I3")
def test_the_count_of_copies_has_no_gap_whoever_writes(scene: Scene) -> None:
    printed(scene)
    insert = ("INSERT INTO erpdesk.voucher_print (organization_id, id, voucher_id, copy_number)"
              " VALUES (%s, %s, %s, %s)")
    with scene.rows.database.connect("owner") as owner:
        for number in (1, 3, 0, -1):
            assert scene.refused(owner, insert, scene.shop.id, uuid4(), scene.voucher, number) == "23514 prints_follow"
    assert scene.refused("clerk", insert, scene.shop.id, uuid4(), scene.voucher, 2) == "42501"


@pytest.mark.invariant("I3")
def test_who_prints_while_another_prints_waits_and_gets_the_next_copy(scene: Scene) -> None:
    first, second = scene.people["clerk"], scene.people["approver"]
    answers: list[object] = []

    def print_too() -> None:
        try:
            answers.extend(second.execute(PRINT.encode(), (scene.shop.id, scene.voucher, 1)).fetchall())
        except psycopg.Error as error:
            answers.append(error)

    with first.transaction():
        first.execute(PRINT.encode(), (scene.shop.id, scene.voucher, 2))
        thread = threading.Thread(target=print_too)
        thread.start()
        until = time.monotonic() + 20
        while not scene.rows.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pid = %s", second.info.backend_pid):
            assert time.monotonic() < until, "it did not wait"
    thread.join(20)
    assert answers == [(3,)]


@pytest.mark.invariant("I3")
@pytest.mark.parametrize("copies", [0, -1, 100, None])
def test_only_a_sensible_number_of_copies_is_counted(scene: Scene, copies: int | None) -> None:
    assert scene.refused("clerk", PRINT, scene.shop.id, scene.voucher, copies) == "23514 print_copies"


@pytest.mark.invariant("I9")
def test_nobody_prints_what_he_may_not_see(scene: Scene) -> None:
    other = scene.rows.execute("SELECT id FROM erpdesk.voucher WHERE organization_id = %s", scene.rival.id)[0][0]
    assert scene.refused("clerk", PRINT, scene.rival.id, other, 1) == "P0001"
    assert scene.refused("clerk", PRINT, scene.shop.id, other, 1) == "42501"
    assert scene.refused("clerk", PRINT, scene.shop.id, UUID(int=7), 1) == "42501"
    with scene.rows.database.connect("superuser") as master:
        master.execute("UPDATE erpdesk.organization_member SET branch_ids = ARRAY[%s::uuid] WHERE role = 'clerk'",
                       (uuid4(),))
    assert scene.refused("clerk", PRINT, scene.shop.id, scene.voucher, 1) == "42501"
    assert scene.rows.execute("SELECT count(*) FROM erpdesk.voucher_print") == [(0,)]


@pytest.mark.invariant("I3")
def test_a_member_without_the_right_counts_nothing(scene: Scene) -> None:
    with scene.rows.database.connect("superuser") as master:
        master.execute("UPDATE erpdesk.organization_member SET permissions = '{}' WHERE role = 'clerk'")
    assert scene.refused("clerk", PRINT, scene.shop.id, scene.voucher, 1) == "42501"


@pytest.mark.invariant("I3")
def test_a_draft_has_no_counted_copies(shop: Trade) -> None:
    draft = shop.save(journal())
    with hostile_desk(shop) as clerk:
        own = shop.books.organization.id
        outcome = clerk.refusal(lambda: clerk.connection.execute(PRINT.encode(), (own, UUID(draft.voucher_id), 1)))
    assert outcome == "23514 print_of_posted"


@pytest.mark.invariant("I10")
def test_every_print_is_audited_in_its_transaction(scene: Scene) -> None:
    printed(scene, 2)
    connection = scene.people["clerk"]
    with connection.transaction(force_rollback=True):
        connection.execute(PRINT.encode(), (scene.shop.id, scene.voucher, 1))
    entries = scene.rows.execute("SELECT after ->> 'first_copy', after ->> 'copies', actor FROM erpdesk.audit_entry"
                                 " WHERE action = 'printed'")
    assert entries == [("1", "2", scene.logins["clerk"].name)]


@pytest.mark.parametrize("group", ["clerk", "approver", "accountant", "auditor"])
def test_templates_are_written_by_those_who_configure(scene: Scene, group: str) -> None:
    insert = "INSERT INTO erpdesk.print_template (organization_id, id, code, source) VALUES (%s, %s, %s, 'x')"
    assert scene.refused(group, insert, scene.shop.id, uuid4(), "mine") == "42501"
    assert scene.refused("admin", insert, scene.rival.id, uuid4(), "theirs") == "42501"
    # The group opens the table; the right is still missing.
    scene.rows.execute(f'GRANT erpdesk_admin TO "{scene.logins[group].name}"')
    assert scene.refused(group, insert, scene.shop.id, uuid4(), "mine") == "42501"
    assert scene.refused("admin", insert, scene.shop.id, uuid4(), "../up") == "23514 ck_print_template_code_form"
    with scene.people["admin"].transaction():
        scene.people["admin"].execute(insert.encode(), (scene.shop.id, uuid4(), "ours"))
    for statement in ("UPDATE erpdesk.print_template SET source = 'y'", "DELETE FROM erpdesk.print_template"):
        assert scene.people[group].execute(statement.encode()).rowcount == 0
    scene.rows.execute(f'REVOKE erpdesk_admin FROM "{scene.logins[group].name}"')
    assert scene.refused(group, "UPDATE erpdesk.print_template SET source = 'y'") == "42501"
    assert scene.refused(group, "DELETE FROM erpdesk.print_template") == "42501"
    changes = scene.rows.execute("SELECT action FROM erpdesk.audit_entry WHERE object_type = 'print_template'")
    assert changes == [("created",)]
