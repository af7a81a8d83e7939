"""Regular expressions of an admin, on a linear-time engine, so that no pattern can hang a form.

What is wrong with one is said in the program's own words, so that it can be said in every language; where the engine
finds something else, its own words stand behind.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

MAX_PATTERN = 500
_LOOKS_AROUND = ("(?=", "(?!", "(?<", "(?>")
_REFERS_BACK = tuple("123456789kg")


@lru_cache(maxsize=512)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text matches; ValueError when the pattern can't be compiled."""
    import re2

    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"is longer than {MAX_PATTERN} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        compiled = re2.compile(pattern, options)
    except re2.error as problem:
        said = problem.args[0] if problem.args else problem
        raise _in_words(said.decode(errors="replace") if isinstance(said, bytes) else str(said)) from None
    except UnicodeEncodeError:
        raise ValueError("holds a character that is none") from None
    return lambda text: compiled.fullmatch(text) is not None


def _in_words(said: str) -> ValueError:
    """What the engine found, in the words of who types the pattern; `said` is its kind, a colon and the place."""
    what, _, piece = said.partition(": ")
    match what:
        case "missing )":
            return ValueError("lacks a closing )")
        case "unexpected )":
            return ValueError("has a ) that closes nothing")
        case "missing ]":
            return ValueError("lacks a closing ]")
        case "invalid character class range":
            return ValueError(f"has characters between [ and ] that are no range: {piece}")
        case "no argument for repetition operator":
            return ValueError(f"has nothing to repeat before {piece}")
        case "bad repetition operator":
            return ValueError(f"repeats a repetition: {piece}")
        case "invalid repetition size":
            return ValueError(f"repeats too often, or from more to fewer: {piece}")
        case "invalid perl operator":
            return _unsupported(piece)
        case "invalid escape sequence":
            return _escape(piece)
        case _ if what.startswith("trailing"):
            return ValueError("ends with \\ and nothing behind it")
        case _ if what.startswith("pattern too large"):
            return ValueError("is too large once its repetitions are written out")
    return ValueError(f"can't be used: {said}")


def _unsupported(piece: str) -> ValueError:
    if piece.startswith(_LOOKS_AROUND):
        return ValueError(f"looks ahead or back with {piece}, which no pattern here can")
    return ValueError(f"begins a group with {piece}, which no pattern here can")


def _escape(piece: str) -> ValueError:
    if piece[1:].startswith(_REFERS_BACK):
        return ValueError(f"refers back to a group with {piece}, which no pattern here can")
    return ValueError(f"has {piece}, which means nothing here")
