"""Torture: random keys typed at a desk whose answers stall; the same keys must type the same vouchers."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from erpdesk.domain.results import Fault, Refused
from erpdesk.ui.session import CONNECTED, Session
from erpdesk.ui.style.theme import apply_theme
from erpdesk.ui.voucher.window import VoucherWindow
from helpers.clerk import focus, here, typed
from helpers.fake_desk import FakeBooks, FakeDesk, schema_of, slowly

PATIENCE_MS = 60_000
_WORDS = ("cas", "ren", "ban", "cap", "ash", "bin", "ric", "soa", "oil", "1110", "6020", "zz", "5", "12", "40", "7.5")
_CHORDS = ("<Enter>",) * 12 + ("<Tab>", "<Shift+Tab>", "<Backspace>", "<Up>", "<Down>", "<Ctrl+A>", "<Ctrl+A>",
                               "<Ctrl+S>", "<Ctrl+D>", "<Ctrl+I>", "<F3>", "<Alt+Right>", "<Alt+Left>")
_STOPS = ("field_", "cell_", "postButton")
_GRIDS = ("lineGrid", "chargesGrid")
"""A grid itself has the cursor in a cell that shows a figure and can't be typed into."""
_WIPE = ("<End>", "<Shift+Home>", "<Delete>")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the keys led to: what was accepted, in order, what stands typed, and where the cursor is."""

    accepted: list[dict[str, Any]]
    typed: dict[str, Any]
    place: str
    path: list[str]


def random_keys(seed: int, count: int) -> list[str]:
    """Single keys: words letter by letter, chords between them."""
    chance, keys = random.Random(seed), list[str]()
    while len(keys) < count:
        kind = chance.random()
        keys += [*chance.choice(_WORDS), "<Enter>"] if kind < 0.4 else _WIPE if kind < 0.55 \
            else [chance.choice(_CHORDS)]
    return keys[:count]


def refusing_some(document: dict[str, Any]) -> Refused | None:
    """A server that refuses by what it is asked to post, never by when; a refused save would move the cursor."""
    is_post, size = "idempotency_key" in document, len(str(document))
    return Refused("invalid", (Fault("GL-002", "refused", "account"),)) if is_post and size % 3 == 0 else None


class StallingBooks(FakeBooks):
    """Books that take their time over every save and post."""

    def __init__(self, seed: int, longest_seconds: float) -> None:
        super().__init__()
        chance = random.Random(seed)

        def answer(document: dict[str, Any]) -> Refused | None:
            time.sleep(chance.uniform(0, longest_seconds) if chance.random() < 0.9 else 5 * longest_seconds)
            return refusing_some(document)

        self.vouchers.answer = answer


@contextmanager
def typing_at(qtbot: QtBot, books: FakeBooks, type_code: str) -> Iterator[VoucherWindow]:
    """A voucher open at these books."""
    apply_theme(QApplication.instance(), "light")  # type: ignore[arg-type]
    session = Session(slowly(FakeDesk(books), 0))
    session.open()
    qtbot.waitUntil(lambda: session.state == CONNECTED and not session.background.is_busy)
    window = VoucherWindow(session, books, schema_of(type_code), {"date": "2026-11-20"})
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.start()
    yield window
    window.hide()
    session.close()


def torture(qtbot: QtBot, window: VoucherWindow, books: FakeBooks, keys: list[str],
            after_each: Callable[[], None]) -> Outcome:
    """Type the keys; after each the cursor is on the path."""
    path = []
    for key in keys:
        typed(key)
        place = here()
        assert window.isAncestorOf(focus()), f"{key} led to {place}"
        assert place.startswith(_STOPS) or place in _GRIDS, f"{key} led to {place}"
        path.append(place)
        after_each()
    queue = window.session.queue
    qtbot.waitUntil(lambda: not queue.open_count and not window.submission.is_running, timeout=PATIENCE_MS)
    accepted = [{name: value for name, value in post.items() if name != "idempotency_key"}
                for post in books.vouchers.posts]
    assert len(set(books.vouchers.keys)) == len(accepted), "each is sent once"
    assert len(queue.refused) == sum(refusing_some(post) is not None for post in books.vouchers.posts)
    return Outcome(accepted, window.draft.document(), here(), path)


def same_keys_same_vouchers(qtbot: QtBot, type_code: str, seed: int, count: int) -> int:
    """The same keys at a desk that answers before the next key, and at one that stalls; how many were accepted."""
    keys, chance = random_keys(seed, count), random.Random(seed)
    prompt = FakeBooks()
    prompt.vouchers.answer = refusing_some
    with typing_at(qtbot, prompt, type_code) as window:
        queue = window.session.queue
        expected = torture(qtbot, window, prompt, keys, lambda: qtbot.waitUntil(
            lambda: not queue.open_count and not window.submission.is_running, timeout=PATIENCE_MS))
    stalling = StallingBooks(seed, 0.03)
    with typing_at(qtbot, stalling, type_code) as window:
        found = torture(qtbot, window, stalling, keys, lambda: qtbot.wait(chance.choice((0, 0, 1, 4))))
    assert found.path == expected.path
    assert found.accepted == expected.accepted
    assert (found.typed, found.place) == (expected.typed, expected.place)
    return len(found.accepted)
