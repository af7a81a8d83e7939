"""A newer baseline beside customised and untouched types: offered, taken one by one or left, never pressed upon."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from erpdesk.blueprints import baseline
from erpdesk.domain.results import ConflictError, ErpdeskError, ForbiddenError
from erpdesk.settings import RESOURCES
from erpdesk.storage.tables.configuration import blueprint_baseline
from helpers.shops import desk_of
from helpers.trading import Trade, goods, sale

SALES, PURCHASE = "SALES_INVOICE", "PURCHASE_INVOICE"
Ship = Callable[..., None]


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ship]:
    """Ships another baseline: the files of this one, changed by a function of the document."""
    folder = tmp_path / "resources"
    shutil.copytree(RESOURCES / "blueprints", folder / "blueprints")
    monkeypatch.setattr(baseline, "RESOURCES", folder)

    def shipped(code: str, change: Callable[[dict[str, Any]], None]) -> None:
        [path] = [path for path in (folder / "blueprints").glob("*.json")
                  if json.loads(path.read_text("utf-8"))["code"] == code]
        document = json.loads(path.read_text("utf-8"))
        change(document)
        path.write_text(json.dumps(document), "utf-8")
        baseline.load_baseline.cache_clear()

    baseline.load_baseline.cache_clear()
    yield shipped
    baseline.load_baseline.cache_clear()


def newer(document: dict[str, Any]) -> None:
    """What the next release makes of the sales invoice: a label, a flag, a rule, a charge's label."""
    document["label"] = "Tax Invoice"
    document["help"] = "Newly explained"
    document["lines"]["show_bin"] = True
    document.setdefault("field_rules", []).append({"field": "vehicle_no", "label": "Lorry"})


NEWER = ["label", "help", "lines.show_bin", "field_rules[vehicle_no]"]


def offered(shop: Trade, code: str = SALES) -> list[str]:
    return sorted(one.difference.path for one in shop.books.baseline_upgrades.state(code).offers)


def test_nothing_is_customised_or_offered_as_shipped(shop: Trade) -> None:
    states = shop.books.baseline_upgrades.states()
    assert len(states) == len(baseline.load_baseline("NP"))
    assert [(one.code, one.changes, one.offers) for one in states if one.customised or one.offers] == []


def test_a_customised_type_survives_a_newer_baseline_and_is_offered_its_differences(shop: Trade, ship: Ship) -> None:
    versions = shop.books.blueprint_versions
    versions.save({**versions.document(SALES), "label": "Bill", "use_ref_no": False}, 1)
    assert [one.path for one in shop.books.baseline_upgrades.state(SALES).changes] == ["label", "use_ref_no"]
    ship(SALES, newer)
    before = shop.fingerprint()
    assert dict(shop.books.configuration.seed().rows())[SALES] == "kept"
    assert shop.changed_since(before) == set(), "seeding changes nothing"
    state = shop.books.baseline_upgrades.state(SALES)
    assert state.customised
    assert sorted(one.difference.path for one in state.offers) == sorted(NEWER)
    touched = {one.difference.path: one.mine for one in state.offers if one.customised}
    assert touched == {"label": "Bill"}, "only the label was changed by both"
    untouched = shop.books.baseline_upgrades.state(PURCHASE)
    assert (untouched.customised, untouched.offers) == (False, ())


def test_offers_are_taken_one_by_one_and_the_rest_left(shop: Trade, ship: Ship) -> None:
    upgrades, versions = shop.books.baseline_upgrades, shop.books.blueprint_versions
    versions.save({**versions.document(SALES), "label": "Bill"}, 1)
    ship(SALES, newer)
    done = upgrades.take(SALES, ["lines.show_bin", "field_rules[vehicle_no]"])
    assert (done.status, done.version) == ("updated", 3)
    document = versions.document(SALES)
    assert document["lines"]["show_bin"] is True
    assert document["field_rules"][-1]["label"] == "Lorry"
    assert document["label"] == "Bill"
    assert offered(shop) == ["help", "label"]
    assert [one.path for one in upgrades.state(SALES).changes] == ["label"], "what was taken isn't the admin's change"
    left = upgrades.leave(SALES, ["label"])
    assert [one.difference.path for one in left.offers] == ["help"]
    assert versions.document(SALES)["label"] == "Bill"
    assert upgrades.leave(SALES).offers == ()
    assert [one.path for one in upgrades.state(SALES).changes] == ["label", "help"]
    shop.buy("TEA", "10", "5")
    assert shop.post(sale([goods("TEA", "1", "100")], date="2026-04-10")).total == "113.00"


def test_what_was_left_is_offered_again_only_when_it_changes_again(shop: Trade, ship: Ship) -> None:
    ship(SALES, newer)
    shop.books.baseline_upgrades.leave(SALES)
    assert offered(shop) == []
    ship(SALES, lambda document: document.update(label="Invoice of tax"))
    assert offered(shop) == ["label"]


def test_an_untouched_type_that_takes_everything_is_as_shipped_again(shop: Trade, ship: Ship) -> None:
    ship(SALES, newer)
    assert offered(shop) == sorted(NEWER)
    shop.books.baseline_upgrades.take(SALES)
    state = shop.books.baseline_upgrades.state(SALES)
    assert (state.customised, state.offers, state.version) == (False, (), 2)
    assert shop.books.blueprint_versions.compare_versions(SALES) == ()


def test_what_the_admin_has_already_is_not_offered(shop: Trade, ship: Ship) -> None:
    versions = shop.books.blueprint_versions
    versions.save({**versions.document(SALES), "label": "Tax Invoice"}, 1)
    ship(SALES, newer)
    assert "label" not in offered(shop)


def test_an_offer_is_taken_over_the_version_that_was_seen(shop: Trade, ship: Ship) -> None:
    ship(SALES, newer)
    other = shop.reopen().blueprint_versions
    other.save({**other.document(SALES), "label": "Bill"}, 1)
    with pytest.raises(ConflictError) as caught:
        shop.books.baseline_upgrades.take(SALES, ["help"], expected_version=1)
    assert caught.value.code == "CFG-026"
    assert offered(shop) == sorted(NEWER), "what was refused was not agreed upon either"


def test_a_database_older_than_this_knows_the_first_version_as_its_baseline(shop: Trade, ship: Ship) -> None:
    versions = shop.books.blueprint_versions
    versions.save({**versions.document(SALES), "label": "Bill"}, 1)
    with shop.admin() as connection:
        connection.execute("ALTER TABLE erpdesk.blueprint_baseline DISABLE TRIGGER USER")
        connection.execute("DELETE FROM erpdesk.blueprint_baseline")
    ship(SALES, newer)
    assert [one.path for one in shop.books.baseline_upgrades.state(SALES).changes] == ["label"]
    assert offered(shop) == sorted(NEWER)
    shop.books.baseline_upgrades.take(SALES, ["help"])
    assert offered(shop) == sorted(set(NEWER) - {"help"})


def test_what_is_not_offered_or_not_shipped_is_refused(shop: Trade) -> None:
    shop.books.blueprint_versions.copy(SALES, "EXPORT_INVOICE", "Export")
    for attempt, code in ((lambda: shop.books.baseline_upgrades.take(SALES, ["label"]), "CFG-029"),
                          (lambda: shop.books.baseline_upgrades.leave(SALES, ["nowhere"]), "CFG-029"),
                          (lambda: shop.books.baseline_upgrades.take("EXPORT_INVOICE"), "CFG-027")):
        with pytest.raises(ErpdeskError) as caught:
            attempt()
        assert caught.value.code == code
    assert "EXPORT_INVOICE" not in {one.code for one in shop.books.baseline_upgrades.states()}


def test_taking_and_leaving_need_the_right_by_the_database_too(shop: Trade, ship: Ship) -> None:
    import psycopg

    guest = shop.database.make_user("erpdesk_t_guest", ["admin"])
    with shop.admin() as connection:
        connection.execute("INSERT INTO erpdesk.organization_member (organization_id, user_name, role)"
                           " VALUES (%s, %s, 'clerk')", (shop.books.organization.id, guest.name))
    ship(SALES, newer)
    theirs = desk_of(shop.database, guest).books("SHOP").baseline_upgrades
    assert theirs.state(SALES).offers
    for attempt in (lambda: theirs.take(SALES), lambda: theirs.leave(SALES)):
        with pytest.raises(ForbiddenError):
            attempt()
    with shop.database.connect(guest) as connection:
        assert connection.execute("UPDATE erpdesk.blueprint_baseline SET document = '{}'").rowcount == 0
        for forbidden in ("INSERT INTO erpdesk.blueprint_baseline (organization_id, id, voucher_config_id, document)"
                          " SELECT organization_id, gen_random_uuid(), gen_random_uuid(), '{}'"
                          " FROM erpdesk.blueprint_baseline LIMIT 1",
                          "DELETE FROM erpdesk.blueprint_baseline"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(forbidden.encode())


def test_what_was_agreed_upon_is_audited(shop: Trade, ship: Ship) -> None:
    ship(SALES, newer)
    last = shop.one("SELECT max(sequence) FROM erpdesk.audit_entry")
    shop.books.baseline_upgrades.leave(SALES, ["label"])
    assert shop.rows("SELECT object_type, action, before -> 'document' ->> 'label', after -> 'document' ->> 'label'"
                     " FROM erpdesk.audit_entry WHERE sequence > %s", last) == [
                         (blueprint_baseline.name, "changed", "Sales Invoice", "Tax Invoice")]
