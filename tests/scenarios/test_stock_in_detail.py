"""Serial numbers, bins, splits and batches through the real command line, from masters to `db verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from helpers.database import Database
from helpers.terminal import Seat

MASTERS: dict[str, Any] = {
    "warehouses": [{"code": "BRANCH", "name": "Branch"}],
    "uoms": [{"code": "PCS", "decimals": "0"}],
    "bins": [{"warehouse": "MAIN", "code": "A1"}, {"warehouse": "MAIN", "code": "A2"}],
    "items": [
        {"code": "PHONE", "name": "Phone", "uom": "PCS", "track_serial": True},
        {"code": "BIKE", "name": "Bike", "uom": "PCS", "is_fixed_product": True},
        {"code": "SALT", "name": "Salt", "uom": "PCS", "valuation": "weighted_average", "track_batch": True},
        {"code": "TEA", "name": "Tea", "uom": "PCS"},
    ],
    "parties": [
        {"code": "C1", "name": "Asha", "kind": "customer"},
        {"code": "S1", "name": "Mill", "kind": "supplier"},
    ],
}
BARE: dict[str, Any] = {"charges": [], "auto_charges": False}


def bought(key: str, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    return {
        "type": "PURCHASE_INVOICE",
        "date": "2026-04-02",
        "party": "S1",
        "warehouse": "MAIN",
        "idempotency_key": key,
        "lines": list(lines),
        **BARE,
        **header,
    }


def sold(key: str, *lines: dict[str, Any], **header: Any) -> dict[str, Any]:
    return {
        "type": "SALES_INVOICE",
        "date": "2026-04-10",
        "party": "C1",
        "warehouse": "MAIN",
        "idempotency_key": key,
        "lines": list(lines),
        **BARE,
        **header,
    }


def line(item: str, quantity: str, **more: Any) -> dict[str, Any]:
    return {"item": item, "quantity": quantity, "rate": "10", **more}


@pytest.fixture
def told(tmp_path: Path, database: Database, seat: Seat) -> Any:
    """Sends vouchers with --post --continue-on-error; code or cost of each, with the place of a fault."""
    file = tmp_path / "masters.json"
    file.write_text(json.dumps(MASTERS))
    assert seat.run("import", "masters", file, "--org", "SHOP").code == 0
    types = {
        "voucher_types": [
            {"code": code, "lines": {"show_bin": True}} for code in ("PURCHASE_INVOICE", "SALES_INVOICE")
        ]
    }
    config = tmp_path / "config.json"
    config.write_text(json.dumps(types))
    assert seat.run("config", "import", config, "--org", "SHOP").code == 0

    def send(*documents: dict[str, Any], options: tuple[str, ...] = ("--post",)) -> list[Any]:
        vouchers = tmp_path / "vouchers.jsonl"
        vouchers.write_text("".join(json.dumps(one) + "\n" for one in documents))
        ended = seat.run("import", "vouchers", vouchers, "--org", "SHOP", *options, "--continue-on-error")
        return [row["cost"] if row["ok"] else (row["code"], row["field"]) for row in ended.rows]

    yield send
    verified = Seat(database.url("owner"), tmp_path / "home").run("db", "verify")
    assert (verified.code, "FAILED" in verified.out) == (0, False), verified


UNITS = (
    bought("b1", line("PHONE", "3", serials=["S1", "S2", "S3"])),
    bought(
        "b2",
        line(
            "BIKE",
            "2",
            details=[
                {"quantity": "1", "engine_no": "E1", "chassis_no": "C1"},
                {"quantity": "1", "engine_no": "E2", "chassis_no": "C2"},
            ],
        ),
    ),
    bought("b3", line("PHONE", "1", serials=["s1"])),
    bought("b4", line("BIKE", "1", engine_no="e1", chassis_no="C9")),
    sold("s1", line("PHONE", "2", serials=["S3", "S1"])),
    sold("s2", line("PHONE", "1", serials=["S3"])),
    sold("s3", line("PHONE", "1")),
    sold("s4", line("BIKE", "1", engine_no="E2")),
    sold("s5", line("PHONE", "2", serials=["S2"])),
    {
        "type": "STOCK_TRANSFER",
        "date": "2026-04-11",
        "from_warehouse": "MAIN",
        "to_warehouse": "BRANCH",
        "idempotency_key": "t1",
        "lines": [{"item": "PHONE", "quantity": "1", "serials": ["S2"]}],
    },
    sold("s6", line("PHONE", "1", serials=["S2"]), date="2026-04-12"),
    {
        "type": "SALES_RETURN",
        "date": "2026-04-12",
        "party": "C1",
        "against": "key:s1",
        "idempotency_key": "r1",
        "lines": [line("PHONE", "1", serials=["S1"])],
        **BARE,
    },
)
UNITS_TOLD = [
    "30.00",
    "20.00",
    ("INV-008", "lines[0].serials"),
    ("INV-008", "lines[0].serials"),
    "20.00",
    ("INV-001", "lines[0].serials"),
    ("INV-008", "lines[0].serials"),
    "10.00",
    ("INV-008", "lines[0].serials"),
    "10.00",
    ("INV-001", "lines[0].serials"),
    "10.00",
]


def test_units_are_bought_sold_moved_and_returned_by_name(told: Any) -> None:
    assert told(*UNITS) == UNITS_TOLD
    posted = [one for one, answer in zip(UNITS, UNITS_TOLD, strict=True) if isinstance(answer, str)]
    assert told(*posted) == [answer for answer in UNITS_TOLD if isinstance(answer, str)]  # replayed


def test_a_rehearsal_says_of_units_and_details_what_posting_says(told: Any) -> None:
    rehearsed = told(*UNITS[:9], options=("--post", "--dry-run"))
    assert rehearsed == told(*UNITS[:9]) == UNITS_TOLD[:9]


def test_bins_are_filled_emptied_and_changed(told: Any) -> None:
    within = {
        "type": "STOCK_TRANSFER",
        "date": "2026-04-05",
        "from_warehouse": "MAIN",
        "to_warehouse": "MAIN",
    }
    assert told(
        bought("b1", line("TEA", "5"), line("TEA", "5", bin="A1")),
        {**within, "idempotency_key": "t1", "lines": [{"item": "TEA", "quantity": "4", "to_bin": "A2"}]},
        {**within, "idempotency_key": "t2", "lines": [{"item": "TEA", "quantity": "4", "to_bin": "A2"}]},
        {
            **within,
            "idempotency_key": "t3",
            "lines": [{"item": "TEA", "quantity": "1", "bin": "A1", "to_bin": "A1"}],
        },
        sold("s1", line("TEA", "6", bin="A1")),
        sold("s2", line("TEA", "5", bin="A1")),
        sold("s3", line("TEA", "1", bin="A9")),
        sold("s4", line("TEA", "5")),
    ) == [
        "100.00",
        "40.00",
        ("INV-001", "lines[0].quantity"),
        ("INV-003", "to_warehouse"),
        ("INV-001", "lines[0].quantity"),
        "50.00",
        ("INV-003", "lines[0].bin"),
        "50.00",
    ]


def test_a_line_is_split_and_its_pool_is_valued_once(told: Any) -> None:
    assert told(
        bought(
            "b1",
            line(
                "SALT",
                "7",
                rate="14.2857",
                details=[
                    {"quantity": "3", "batch": "B1", "bin": "A1"},
                    {"quantity": "2", "batch": "B2", "expires": "2026-04-05"},
                    {"quantity": "2", "batch": "B1", "warehouse": "BRANCH"},
                ],
            ),
        ),
        bought("b2", line("SALT", "7", details=[{"quantity": "3", "batch": "B1"}])),
        sold(
            "s1",
            line(
                "SALT",
                "2",
                details=[
                    {"quantity": "1", "batch": "B1"},
                    {"quantity": "1", "batch": "B1", "warehouse": "BRANCH"},
                ],
            ),
        ),
        sold("s2", line("SALT", "1", batch="B2")),
        sold("s3", line("SALT", "3")),
        sold("s4", line("SALT", "2")),
    ) == [
        "100.00",
        ("INV-004", "lines[0].details"),
        "28.58",
        ("INV-009", "lines[0].batch"),
        ("INV-001", "lines[0].quantity"),
        "28.57",
    ]
