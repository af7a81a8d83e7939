"""A soak: many random vouchers from several desks at once, desks killed, lines cut; then every invariant is asked.

`make soak VOUCHERS=100000` runs the whole of it.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from erpdesk.services.verification import replan, seal_audit
from erpdesk.storage.verify import verify
from helpers.cluster import Cluster
from helpers.posting_line import Line, line_to
from helpers.reference_shop import ACTIVE, MORE
from helpers.soaking_desk import DeskJournal
from helpers.trading import Trade

VOUCHERS = int(os.environ.get("ERPDESK_SOAK_VOUCHERS", "1000"))
DESKS = int(os.environ.get("ERPDESK_SOAK_DESKS", "4"))
WORK_BETWEEN_KILLS = 4000
"""So many bytes a desk writes before it may be killed: slow machines get somewhere too."""
COMMITS_BETWEEN_CUTS = 12
"""So many commits pass before one is cut off: on a slow machine, too, a post gets through within its attempts."""
PATIENCE_SECONDS = 60.0 + VOUCHERS


def _start(url: str, folder: Path, number: int) -> subprocess.Popen[bytes]:
    here = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": f"{here}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    command = [sys.executable, "-m", "helpers.soaking_desk", url, str(folder), str(number), str(VOUCHERS // DESKS)]
    return subprocess.Popen(command, env=environment)


def _soak(url: str, folder: Path, line: Line) -> tuple[int, int]:
    """Lets the desks work, kills one now and then, cuts a line now and then; how often each."""
    dice, kills = random.Random(1), 0
    journals = [DeskJournal(folder / f"desk{number}.jsonl") for number in range(DESKS)]
    desks = {number: _start(url, folder, number) for number in range(DESKS)}
    begun, passed = [0] * DESKS, 0
    until = time.monotonic() + PATIENCE_SECONDS
    try:
        while any(desk.poll() != 0 for desk in desks.values()):
            assert time.monotonic() < until, "the desks did not end"
            time.sleep(0.4)
            if line.commits >= passed + COMMITS_BETWEEN_CUTS:
                passed = line.commits
                line.cut(dice.choice(("before commit", "after commit")))
            number = dice.randrange(DESKS)
            has_worked = journals[number].length > begun[number] + WORK_BETWEEN_KILLS
            if has_worked and dice.random() < 0.2 and desks[number].poll() is None:
                desks[number].send_signal(signal.SIGKILL)
                kills += 1
            for one, desk in desks.items():
                ended = desk.poll()
                if ended not in (None, 0):
                    assert ended == -signal.SIGKILL, f"desk {one} ended with {ended}"
                    begun[one] = journals[one].length
                    desks[one] = _start(url, folder, one)
    finally:
        for desk in desks.values():
            desk.kill()
            desk.wait()
    return kills, line.cuts


@pytest.mark.long
def test_random_vouchers_from_desks_that_are_killed_and_cut_off_leave_sound_books(
    shop: Trade, cluster: Cluster, tmp_path: Path
) -> None:
    shop.books.masters.import_masters(MORE)
    shop.books.configuration.import_document({"voucher_types": [{"code": code, "is_active": True} for code in ACTIVE]})
    began = time.monotonic()
    with line_to(("127.0.0.1", cluster.layout.port)) as line:
        url = shop.database.url(tcp=True).replace(f"port={cluster.layout.port}", f"port={line.port}")
        kills, cuts = _soak(url, tmp_path, line)
    seconds = time.monotonic() - began
    told = [entry["told"] | {"key": entry["key"]} for number in range(DESKS)
            for entry in DeskJournal(tmp_path / f"desk{number}.jsonl").entries() if "told" in entry]
    codes = Counter(one["code"] for one in told if not one["ok"])
    posted = {one["key"]: one["number"] for one in told if one["ok"]}
    stored = dict(shop.rows("SELECT k.key, v.voucher_number FROM erpdesk.idempotency_key k"
                            " JOIN erpdesk.voucher v ON v.id = k.object_id"))
    print(f"{len(told)} vouchers in {seconds:.0f} s, {len(posted)} posted, {kills} kills, {cuts} cuts")
    print(f"refused: {dict(codes)}")
    assert not [code for code in codes if code.startswith(("SYS", "NET"))], codes
    assert posted == stored
    seal_audit(shop.server)
    with shop.admin() as connection:
        assert [result.line for result in verify(connection) if not result.ok] == []
        began = time.monotonic()
        again = replan(connection)
        print(f"{again.line} in {time.monotonic() - began:.1f} s")
        assert again.ok, again.line
