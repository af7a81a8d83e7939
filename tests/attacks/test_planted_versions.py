"""Versions of a type planted by hand: a voucher is judged by one that its type really had, and by no other."""

from __future__ import annotations

import pytest

from helpers.hostile import hostile_desk
from helpers.trading import Trade, journal

pytestmark = pytest.mark.server_versions

PLANT = ("INSERT INTO erpdesk.blueprint_version (organization_id, id, voucher_config_id, version, document, hash)"
         " SELECT b.organization_id, gen_random_uuid(), b.voucher_config_id, planted, b.document, 'x'"
         " FROM erpdesk.blueprint_version b JOIN erpdesk.voucher_config_master t ON t.id = b.voucher_config_id"
         " CROSS JOIN generate_series(900, 901) planted WHERE t.code = 'JOURNAL'")


def test_a_version_that_never_was_the_types_is_not_taken(shop: Trade) -> None:
    """Rules that nobody sees in the settings, though they stand in the table of versions."""
    with hostile_desk(shop, "admin") as desk:
        sent = desk.sent(journal("10.00", date="2026-05-01"))
        desk.connection.execute(PLANT.encode())
        sent.opened["voucher"]["blueprint_version"] = 900
        assert desk.refusal(lambda: desk.open(sent), lambda: desk.apply(sent)) == "P0001 CFG-030"
        assert shop.one("SELECT count(*) FROM erpdesk.voucher") == 0


def test_nobody_plants_versions_without_the_right_to_configure(shop: Trade) -> None:
    for role in ("clerk", "approver", "accountant", "auditor"):
        with hostile_desk(shop, role) as desk:
            for granted in (False, True):
                if granted:  # the group opens the table; the organization's policy still asks for the permission
                    with shop.admin() as admin:
                        admin.execute(f'GRANT erpdesk_admin TO "{desk.login.name}"'.encode())
                assert desk.refusal(lambda d=desk: d.connection.execute(PLANT.encode())).startswith("42501")


def test_a_kept_document_stands_for_no_other_type_and_no_other_organization(shop: Trade) -> None:
    draft = shop.save(journal("10.00", date="2026-05-01"))
    shop.reopen().configuration.import_document({"voucher_types": [{"code": "JOURNAL", "back_date_days": 400}]})
    with shop.admin() as admin, admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute("UPDATE erpdesk.blueprint_version SET document = document || jsonb_build_object("
                      "'id', gen_random_uuid(), 'organization_id', gen_random_uuid(), 'requires_approval', false)")
    assert shop.rows("SELECT (t).id = v.voucher_config_id, (t).organization_id = v.organization_id, (t).version"
                     " FROM erpdesk.voucher v CROSS JOIN LATERAL erpdesk.config_typed(v) t WHERE v.id = %s",
                     draft.voucher_id) == [(True, True, 2)]
