"""Keys are data: the shipped profile, one's own laid over it, and a page to press other keys on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from erpdesk.ui.keys.own_keys import own_file
from erpdesk.ui.keys.profile import key_profile, shipped_profile
from erpdesk.ui.voucher.window import VoucherWindow
from erpdesk.ui.window.keys_page import CONTEXTS
from erpdesk.ui.window.main_window import MainWindow
from helpers.clerk import here, typed
from helpers.fake_desk import FakeBooks


def own(*rows: object) -> None:
    own_file().parent.mkdir(parents=True, exist_ok=True)
    own_file().write_text(json.dumps({"keys": rows}))
    key_profile.cache_clear()


def row(context: str, action: str, key: str) -> dict[str, str]:
    return {"context": context, "action": action, "key": key}


def opened(qtbot: QtBot, window: MainWindow, key: str) -> VoucherWindow:
    with qtbot.waitSignal(window.opener.voucher_opened) as signal:
        typed(key)
    return signal.args[0]


def test_no_chord_stands_twice_in_a_shipped_context() -> None:
    profile = shipped_profile()
    for context in {one.context for one in profile.bindings} | set(CONTEXTS):
        chords = [one.chord for one in profile.context(context)]
        assert len(chords) == len(set(chords)), f"{context}: {sorted(chords)}"
        assert all(chords)
    types = list(profile.type_keys.values())
    assert len(types) == len(set(types))
    assert not set(types) & {one.chord for one in profile.context("window")}


def test_an_own_key_does_what_the_shipped_one_did_which_does_nothing_now(qtbot: QtBot, main_window: MainWindow,
                                                                         books: FakeBooks) -> None:
    own(row("voucher", "accept", "Ctrl+J"), row("voucher", "details", ""))
    window = opened(qtbot, main_window, "<F5>")
    typed("cas", "<Enter>", "ren", "<Enter>", "5", "<Enter>")
    typed("<Ctrl+A>", "<Alt+D>")
    assert not books.vouchers.posts
    assert not window.sheet.header.details_are_open
    chords = {key.label: key.chord for key in main_window.bar.keys}
    assert chords["Accept"] == "Ctrl+J"
    assert "Details" not in chords
    with qtbot.waitSignal(window.post_started):
        typed("<Ctrl+J>")
    qtbot.waitUntil(lambda: len(books.vouchers.posts) == 1)


@pytest.mark.parametrize(("text", "place", "word"), [
    ("{", "", "can't be read"), ("[]", "", "no list"), ('{"keys": {}}', "", "no list"),
    ('{"keys": [5]}', "keys[0]", "context, action and key"),
    ('{"keys": [{"context": "voucher", "action": "fly", "key": "F8"}]}', "keys[0]", "no action fly"),
    ('{"keys": [{"context": "voucher", "action": "accept", "key": "Ctrl+Nothing"}]}', "keys[0]", "is no key"),
    ('{"keys": [{"context": "voucher", "action": "accept", "key": "Ctrl+S"}]}', "voucher.accept",
     "Ctrl+S is Save draft already"),
    ("\udcff", "", "can't be read"),
])
def test_a_faulty_file_is_told_with_its_place_and_the_other_keys_hold(text: str, place: str, word: str) -> None:
    own_file().parent.mkdir(parents=True, exist_ok=True)
    own_file().write_bytes(text.encode("utf-8", "surrogateescape"))
    key_profile.cache_clear()
    profile = key_profile()
    [fault] = profile.faults
    assert fault.place == place
    assert word in fault.message
    assert fault.cure
    assert profile.chord_of("voucher", "accept") == "Ctrl+A"


def test_a_key_is_pressed_anew_on_the_page_of_keys_and_the_bar_prints_it(qtbot: QtBot,
                                                                         main_window: MainWindow) -> None:
    opened(qtbot, main_window, "<F8>")
    assert here() == "field_party"
    typed("<Ctrl+K>")
    page = main_window.keys_page
    assert here() == "keysFilter"
    headings = [one for one in page.model.rows if isinstance(one, str)]
    assert headings[-3:] == ["In a voucher", "Everywhere", "In this list"], "what is valid here"
    assert "In a report" not in headings
    typed("previ", "<Enter>")
    assert here() == "chordField"
    typed("<Ctrl+S>")
    assert "Ctrl+S is Save draft here" in page.word.text()
    assert here() == "chordField", "another key is asked for"
    typed("a")
    assert "for typing" in page.word.text()
    typed("<Ctrl+J>")
    assert page.word.text() == "Preview: Ctrl+J"
    typed("<Esc>")
    assert here() == "field_party", "back to where the cursor was"
    assert {key.chord: key.label for key in main_window.bar.keys}["Ctrl+J"] == "Preview"
    assert json.loads(own_file().read_text()) == {"keys": [row("voucher", "preview", "Ctrl+J")]}


def test_a_key_that_hides_another_says_so_and_is_given_back(qtbot: QtBot, main_window: MainWindow) -> None:
    opened(qtbot, main_window, "<F8>")
    typed("<Ctrl+K>", "previ", "<Enter>", "<Alt+G>")
    page = main_window.keys_page
    assert page.word.text() == "Preview: Alt+G (instead of Go to)"
    typed("previ", "<Alt+R>")
    assert page.word.text() == "Preview: Alt+V"
    assert not own_file().exists()
    page.field.clear()
    typed("previ", "<Alt+U>")
    assert page.word.text() == "Preview: no key"
    typed("<Alt+Shift+R>")
    assert key_profile().chord_of("voucher", "preview") == "Alt+V"
    page.field.clear()
    typed("previ", "<Enter>", "<Esc>")
    assert (here(), page.word.text()) == ("keysFilter", "Nothing was changed.")


def test_keys_that_cannot_be_kept_say_so(main_window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    typed("<Ctrl+K>", "quit", "<Enter>", "<Ctrl+Shift+F9>")
    assert "can't be kept" in main_window.keys_page.word.text()
    assert key_profile().chord_of("window", "quit") == "Ctrl+Q"


