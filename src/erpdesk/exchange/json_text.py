"""Strict JSON: what a file says, with every number kept as the decimal text that was written.

No number becomes a float. Refused: keys given twice, NaN and infinity, NUL characters, half characters
(lone surrogates), nesting deeper than `MAXIMUM_DEPTH`, and numbers whose exponent makes no sane figure.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from erpdesk.exchange.refusals import NOT_JSON, TOO_LARGE, ImportRefused

MAXIMUM_DEPTH = 32
_MAXIMUM_EXPONENT = 40
_LONGEST_NUMBER = 100


class _KeyTwiceError(ValueError):
    """An object names a key twice."""


def parse(text: str) -> Any:
    """The value that `text` says. Raises ImportRefused with what is wrong and where."""
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise ImportRefused(
            NOT_JSON,
            f"Not valid JSON: {error.msg} at character {error.pos + 1}.",
            cure="Check quotes, commas and brackets there.",
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise ImportRefused(NOT_JSON, f"Not valid JSON: {error}.") from None
    if text.count("{") + text.count("[") > MAXIMUM_DEPTH and _depth(value) > MAXIMUM_DEPTH:
        raise _too_deep()
    if "\\u" in text:
        _refuse_unstorable(text, value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise _KeyTwiceError(f'the key "{twice[:60]}" is given twice in one object')
    return made


def _number(written: str) -> str:
    """A number as plain decimal text; an exponent is written out."""
    if len(written) > _LONGEST_NUMBER:
        raise ValueError(f"a number of {len(written)} characters is too long")
    if "e" not in written and "E" not in written:
        return written
    value = Decimal(written)
    if abs(value.adjusted()) > _MAXIMUM_EXPONENT:
        raise ValueError(f"the number {written} is out of every sane range")
    return format(value, "f")


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_int=_number, parse_constant=_constant
)


def _too_deep() -> ImportRefused:
    return ImportRefused(
        TOO_LARGE,
        f"The JSON is nested more than {MAXIMUM_DEPTH} levels deep.",
        cure="A voucher or master needs at most a handful of levels.",
    )


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _depth(value: Any) -> int:
    """Levels of nesting, counted without recursion."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [child for parent in level for child in _children(parent) if isinstance(child, dict | list)]
    return depth


def _refuse_unstorable(text: str, value: Any) -> None:
    """Escapes can smuggle in characters that no text of the database can hold."""
    again = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in again:
        raise ImportRefused(NOT_JSON, "The text holds a NUL character (\\u0000).", cure="Remove it.")
    try:
        again.encode("utf-8")
    except UnicodeEncodeError:
        raise ImportRefused(
            NOT_JSON,
            "The text holds half a character (a lone surrogate escape).",
            cure="Write the character itself, in UTF-8.",
        ) from None
