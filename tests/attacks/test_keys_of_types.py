"""A key opens one voucher type: given to a second one by SQL or at the same moment it is refused."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg
import pytest

from attacks.conftest import Scene

GIVE = "UPDATE erpdesk.voucher_config_master SET shortcut = %s WHERE code = %s"
TAKEN = "23505 uq_voucher_config_master_shortcut_key"


def keys(scene: Scene) -> dict[str, str | None]:
    return dict(scene.rows.execute(
        "SELECT code, shortcut_key FROM erpdesk.voucher_config_master WHERE organization_id = %s", scene.shop.id))


@pytest.mark.parametrize(("first", "second"), [("F8", "F8"), ("Ctrl+Shift+F9", "Shift+Ctrl+F9"), ("Alt+9", "Alt+9"),
                                               ("Ctrl+Alt+S", "Ctrl+Alt+s"), ("f8", "F8")])
def test_a_key_that_another_type_has_is_refused_however_it_is_written(scene: Scene, first: str, second: str) -> None:
    scene.people["admin"].execute(GIVE, (first, "IN"))
    assert scene.refused("admin", GIVE, second, "OUT") == TAKEN
    assert keys(scene)["OUT"] is None


def test_other_modifiers_make_another_key(scene: Scene) -> None:
    admin = scene.people["admin"]
    for code, shortcut in (("IN", "F8"), ("OUT", "Shift+F8"), ("MOVE", "Ctrl+F8"), ("LEDGER", "Alt+F8")):
        admin.execute(GIVE, (shortcut, code))
    assert set(keys(scene).values()) == {"F8", "Shift+F8", "Ctrl+F8", "Alt+F8"}


def test_a_new_type_and_one_that_is_switched_on_are_held_to_it(scene: Scene) -> None:
    admin = scene.people["admin"]
    admin.execute("UPDATE erpdesk.voucher_config_master SET is_active = false, shortcut = 'F8' WHERE code = 'OUT'")
    admin.execute(GIVE, ("F8", "IN"))
    assert scene.refused("admin", "UPDATE erpdesk.voucher_config_master SET is_active = true WHERE code = %s",
                         "OUT") == TAKEN
    copied = ("INSERT INTO erpdesk.voucher_config_master (organization_id, id, code, label, journal_type_id, shortcut)"
              " SELECT organization_id, gen_random_uuid(), 'COPY', 'Copy', journal_type_id, shortcut"
              " FROM erpdesk.voucher_config_master WHERE code = %s")
    assert scene.refused("admin", copied, "IN") == TAKEN
    admin.execute(GIVE, ("", "IN"))
    admin.execute("UPDATE erpdesk.voucher_config_master SET is_active = true WHERE code = 'OUT'")


def test_what_is_compared_is_written_by_nobody(scene: Scene) -> None:
    admin = scene.people["admin"]
    admin.execute(GIVE, ("F8", "IN"))
    admin.execute("UPDATE erpdesk.voucher_config_master SET shortcut_key = NULL WHERE code = 'IN'")
    assert keys(scene)["IN"] == "F8"
    assert scene.refused("admin", "UPDATE erpdesk.voucher_config_master SET shortcut = 'F8', shortcut_key = 'F7'"
                                  " WHERE code = %s", "OUT") == TAKEN


def test_types_exchange_their_keys_and_organizations_have_their_own(scene: Scene) -> None:
    admin = scene.people["admin"]
    admin.execute(GIVE, ("F8", "IN"))
    admin.execute(GIVE, ("F9", "OUT"))
    with admin.transaction():
        admin.execute(GIVE, ("F9", "IN"))
        admin.execute(GIVE, ("F8", "OUT"))
    assert (keys(scene)["IN"], keys(scene)["OUT"]) == ("F9", "F8")
    with scene.rows.database.connect("superuser") as master:
        master.execute("UPDATE erpdesk.voucher_config_master SET shortcut = 'F9'"
                       " WHERE code = 'IN' AND organization_id = %s", (scene.rival.id,))


@pytest.mark.parametrize("isolation", list(psycopg.IsolationLevel))
def test_of_two_admins_at_the_same_moment_the_second_is_refused(scene: Scene, isolation: Any) -> None:
    first = scene.people["admin"]
    answers: list[object] = []
    with scene.rows.database.connect(scene.logins["admin"]) as second:
        first.isolation_level = second.isolation_level = isolation

        def give_too() -> None:
            try:
                with second.transaction():
                    second.execute(GIVE, ("F8", "OUT"))
                    given.set()
                    waiting.wait(20)
            except psycopg.Error as error:
                answers.append(error.sqlstate)

        given, waiting = threading.Event(), threading.Event()
        thread = threading.Thread(target=give_too)
        with first.transaction():
            first.execute(GIVE, ("F8", "IN"))
            thread.start()
            assert given.wait(20), "neither sees the other's key, neither waits"
            waiting.set()
            until = time.monotonic() + 20
            while not scene.rows.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pid = %s",
                                         second.info.backend_pid):
                assert time.monotonic() < until, "it did not wait"
        thread.join(20)
    assert len(answers) == 1
    assert answers[0] in ("23505", "40001")
    assert [code for code, key in keys(scene).items() if key == "F8"] == ["IN"]
