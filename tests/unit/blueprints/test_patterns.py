"""What is wrong with a pattern is said in the program's own words, never in those of the engine alone."""

from __future__ import annotations

import pytest

from erpdesk.blueprints.patterns import matcher
from erpdesk.domain.results import Fault
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.words import use_language


@pytest.mark.parametrize(("pattern", "said"), [
    ("(PO", "lacks a closing )"), ("PO)", "has a ) that closes nothing"), ("[a-", "lacks a closing ]"),
    ("[z-a]", "has characters between [ and ] that are no range: z-a"), ("*a", "has nothing to repeat before *"),
    ("a++", "repeats a repetition: ++"), ("a{2,1}", "repeats too often, or from more to fewer: {2,1}"),
    ("a{1001}", "repeats too often, or from more to fewer: {1001}"),
    ("(?=x)", "looks ahead or back with (?=, which no pattern here can"),
    ("(?<!x)a", "looks ahead or back with (?<, which no pattern here can"),
    ("(?#c)", "begins a group with (?#, which no pattern here can"),
    (r"(a)\1", r"refers back to a group with \1, which no pattern here can"),
    (r"\q", r"has \q, which means nothing here"), ("a\\", "ends with \\ and nothing behind it"),
    ("[a-z]{1000}" * 3 + r"\pL{1000}", "is too large once its repetitions are written out"),
    ("\ud800", "holds a character that is none"), ("a" * 501, "is longer than 500 characters"),
])
def test_what_is_wrong_is_said_in_words_of_the_program(pattern: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        matcher(pattern)
    assert str(caught.value).replace("(?<!", "(?<") == said
    try:
        for language in ("hi", "ne"):
            use_language(language)
            told = say_fault(Fault("CFG-008", f"Slip: the regular expression {caught.value}"))
            assert not any(word in told for word in ("which", "closing", "repeat", "has ", "is ", "the "))
    finally:
        use_language("en")


def test_what_else_the_engine_finds_stands_behind_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    import re2

    def compiled(pattern: str, options: object) -> object:
        raise re2.error(b"something new: here")

    monkeypatch.setattr(re2, "compile", compiled)
    with pytest.raises(ValueError, match=r"can't be used: something new: here$"):
        matcher("never asked before")
