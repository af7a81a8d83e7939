"""A rule that names a user, role or branch that isn't there is refused by the database, whoever writes it."""

from __future__ import annotations

import pytest

from attacks.conftest import Scene

TYPE = "SELECT t.organization_id, gen_random_uuid(), t.id, {} FROM erpdesk.voucher_config_master t WHERE t.code = 'IN'"
APPROVAL = "INSERT INTO erpdesk.approval_rule (organization_id, id, voucher_config_id, {}) " + TYPE
RULE = ("INSERT INTO erpdesk.field_rule (organization_id, id, voucher_config_id, field, scope, scope_value) "
        + TYPE.format("'narration', '{}', %s"))
OWN = ("INSERT INTO erpdesk.voucher_udf_config (organization_id, id, voucher_config_id, key, label, field_type, {}) "
       + TYPE.format("'slip', 'Slip', 'text', jsonb_build_array(%s::text)"))
PATH = ("INSERT INTO erpdesk.key_path_override (organization_id, id, voucher_config_id, field, scope, scope_value) "
        + TYPE.format("'narration', '{}', %s"))
BY_USER, BY_ROLE = APPROVAL.format("user_name", "%s"), APPROVAL.format("role", "%s")
NOBODY = "23514 names_somebody"


@pytest.mark.parametrize("statement", [
    pytest.param(BY_USER, id="approver"), pytest.param(BY_ROLE, id="approving-role"),
    *(pytest.param(RULE.format(scope), id=f"rule-{scope}") for scope in ("user", "role", "branch")),
    pytest.param(OWN.format("visible_for_roles"), id="own-role"),
    pytest.param(OWN.format("visible_for_branches"), id="own-branch"),
    *(pytest.param(PATH.format(scope), id=f"path-{scope}") for scope in ("user", "role")),
])
def test_a_name_that_nobody_has_is_refused(scene: Scene, statement: str) -> None:
    assert scene.refused("admin", statement, "nobody") == NOBODY


def test_users_of_another_organization_are_nobody_here(scene: Scene) -> None:
    [(theirs,)] = scene.rows.execute(
        "SELECT user_name FROM erpdesk.organization_member WHERE organization_id = %s", scene.rival.id)
    assert scene.refused("admin", BY_USER, theirs) == NOBODY
    assert scene.refused("admin", RULE.format("user"), theirs) == NOBODY


def test_a_rule_is_not_turned_to_nobody_afterwards(scene: Scene) -> None:
    admin, approver = scene.people["admin"], scene.logins["approver"].name
    admin.execute(BY_USER.encode(), (approver,))
    admin.execute(RULE.format("role").encode(), ("clerk",))
    admin.execute(OWN.format("visible_for_roles").encode(), ("clerk",))
    assert scene.refused("admin", "UPDATE erpdesk.approval_rule SET user_name = %s", "nobody") == NOBODY
    assert scene.refused("admin", "UPDATE erpdesk.approval_rule SET user_name = '', role = %s", approver) == NOBODY
    assert scene.refused("admin", "UPDATE erpdesk.field_rule SET scope_value = %s", "boss") == NOBODY
    assert scene.refused("admin", "UPDATE erpdesk.field_rule SET scope = %s", "user") == NOBODY
    assert scene.refused("admin", "UPDATE erpdesk.voucher_udf_config SET visible_for_roles = visible_for_roles"
                                  " || jsonb_build_array(%s::text)", "boss") == NOBODY


def test_names_from_before_the_rule_stay_until_they_are_changed(scene: Scene) -> None:
    scene.rows.execute(BY_USER + " AND t.organization_id = %s", "long_gone", scene.shop.id)
    admin = scene.people["admin"]
    admin.execute("UPDATE erpdesk.approval_rule SET minimum_amount = 5")
    assert scene.refused("admin", "UPDATE erpdesk.approval_rule SET user_name = %s", "nobody") == NOBODY


def test_who_is_a_member_is_told_to_members_alone(scene: Scene) -> None:
    asked = "SELECT erpdesk.states_of_names(%s, '[{\"kind\": \"user\", \"name\": \"x\"}]')"
    assert scene.people["clerk"].execute(asked.encode(), (scene.shop.id,)).fetchone() == (["missing"],)
    assert scene.refused("clerk", asked, scene.rival.id) == "P0001"
    assert scene.refused("clerk", "SELECT erpdesk.state_of_name(%s, 'user', 'x')", scene.rival.id) == "42501"


def test_a_rule_for_another_organization_is_refused_without_a_word_of_who_is_there(scene: Scene) -> None:
    [(theirs,)] = scene.rows.execute(
        "SELECT user_name FROM erpdesk.organization_member WHERE organization_id = %s", scene.rival.id)
    [(kind,)] = scene.rows.execute(
        "SELECT id FROM erpdesk.voucher_config_master WHERE organization_id = %s AND code = 'IN'", scene.rival.id)
    for name in (theirs, "nobody"):
        assert scene.refused(
            "admin", "INSERT INTO erpdesk.approval_rule (organization_id, id, voucher_config_id, user_name)"
                     " VALUES (%s, gen_random_uuid(), %s, %s)", scene.rival.id, kind, name) == "42501"
