"""What two documents of one voucher type differ in, as rows to show and to take one by one.

Paths name rows by what identifies them, not by place (`charges[VAT].rate`, `lines.show_rate`), so that they
mean the same in both documents. A row that only one document has is one difference, with nothing on the other side.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from erpdesk.blueprints.patches import IDENTITIES, Identity

ORDER = "order"
_LIMITS = "validators"
"""The column of an override's row that holds limits, each a difference of its own."""
_WHOLE_ROWS = frozenset({"version"})
_ROW_WORDS = {"charges": "Charge", "udfs": "User field", "field_rules": "Rule for", "series": "Series",
              "approval": "Approval level", "header_fields": "Header field", "line_fields": "Line field"}
_PLACED = frozenset({"field_rules", "header_fields", "line_fields"})
"""Lists in which the place of a row matters; others are ordered by a column of theirs."""
_WORDS = {"ref": "reference", "no": "number", "qty": "quantity", "mfg": "manufacturing", "exp": "expiry", "ssf": "SSF",
          "gl": "the ledger", "grir": "GR/IR"}
_LISTS: Mapping[str, Identity] = {
    **IDENTITIES,
    "approval": lambda row: (row.get("level"), row.get("role"), row.get("user_name"), row.get("branch"),
                             row.get("cost_centre"), row.get("minimum_amount")),
}
_OVERRIDES: Mapping[str, Identity] = {
    "header_fields": lambda row: row.get("key"),
    "line_fields": lambda row: (row.get("grid", ""), row.get("key")),
    "charges": lambda row: row.get("code"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One column, or one whole row, that differs. `path` is unique within a comparison; `label` says it in words;
    `before` and `after` are plain JSON values, null where there is nothing."""

    path: str
    label: str
    before: Any
    after: Any

    @property
    def before_text(self) -> str:
        """The value before, in words."""
        return shown(self.before)

    @property
    def after_text(self) -> str:
        """The value after, in words."""
        return shown(self.after)

    def as_json(self) -> dict[str, Any]:
        """The difference as a plain JSON object."""
        return {"path": self.path, "label": self.label, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a difference stands: a list of names and row identities within a document."""

    steps: tuple[Any, ...]


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every difference of two documents of one type, in the order of columns; versions are not compared."""
    return tuple(difference for difference, _ in _differences(before, after))


def taken(document: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any],
          paths: Collection[str]) -> dict[str, Any]:
    """The document with the differences between two others that lie at `paths` made in it too.

    A row that the document hasn't any more takes no change; one that it has already isn't added twice, and keeps what
    the new one says nothing of.
    """
    result = dict(document)
    for difference, place in _differences(before, after):
        if difference.path in paths:
            result = _set(result, place.steps, difference.after, after)
    return result


def column_words(name: str) -> str:
    """A column's name in words: `number_prefix` is "Number prefix"."""
    words = " ".join(_WORDS.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def shown(value: Any) -> str:
    """A JSON value in words; nothing is a dash."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(shown(part) for part in value)
    if isinstance(value, Mapping):
        said = [f"{_lowered(column_words(str(key)))} {shown(part)}" for key, part in value.items()
                if part is not None and part not in ("", [], {}, False)]
        return "; ".join(said)
    return str(value)


def in_words(differences: Sequence[Difference], most: int = 3) -> str:
    """What changed, in one line: the first few differences, and how many more there are."""
    said = [f"{one.label}: {_short(one.before_text)} → {_short(one.after_text)}" for one in differences[:most]]
    if len(differences) > most:
        said.append(f"and {len(differences) - most} more")
    return "; ".join(said)


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


_Found = Iterator[tuple[Difference, _Place]]


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> _Found:
    for name in dict.fromkeys([*before, *after]):
        if name in _WHOLE_ROWS:
            continue
        one, other = before.get(name), after.get(name)
        if name == "lines":
            yield from _columns(one or {}, other or {}, (name,), "lines.", "Lines: ")
        elif name in _LISTS:
            yield from _rows(one or [], other or [], _LISTS[name], (name,), name, _ROW_WORDS[name])
        elif name == "schema_definition":
            yield from _overrides(one or {}, other or {})
        elif one != other:
            yield Difference(name, column_words(name), one, other), _Place((name,))


def _columns(before: Mapping[str, Any], after: Mapping[str, Any], steps: tuple[Any, ...], path: str,
             label: str) -> _Found:
    for name in dict.fromkeys([*before, *after]):
        one, other = before.get(name), after.get(name)
        if name == _LIMITS:
            yield from _columns(one or {}, other or {}, (*steps, name), f"{path}{name}.", label)
        elif one != other:
            words = f"{label}{_lowered(column_words(name))}"
            yield Difference(f"{path}{name}", words, one, other), _Place((*steps, name))


def _overrides(before: Mapping[str, Any], after: Mapping[str, Any]) -> _Found:
    for name, identity in _OVERRIDES.items():
        steps = ("schema_definition", name)
        yield from _rows(before.get(name) or [], after.get(name) or [], identity, steps,
                         f"schema_definition.{name}", "Override of " + _ROW_WORDS[name].lower())


def _rows(before: Sequence[Any], after: Sequence[Any], identity: Identity, steps: tuple[Any, ...], path: str,
          words: str) -> _Found:
    one, other = _by_identity(before, identity), _by_identity(after, identity)
    for key in dict.fromkeys([*one, *other]):
        here, name = (*steps, key), _named(key)
        if key in one and key in other:
            yield from _columns(one[key], other[key], here, f"{path}[{name}].", f"{words} {name}: ")
        else:
            difference = Difference(f"{path}[{name}]", f"{words} {name}", one.get(key), other.get(key))
            yield difference, _Place(here)
    both = [[_named(key) for key in rows if key in one and key in other] for rows in (one, other)]
    if both[0] != both[1] and steps[-1] in _PLACED:
        order = Difference(f"{path}.{ORDER}", f"Order of {path.rpartition('.')[2].replace('_', ' ')}", both[0], both[1])
        yield order, _Place((*steps, ORDER))


def _by_identity(rows: Sequence[Any], identity: Identity) -> dict[Hashable, Any]:
    """Rows by what identifies them; one that is there twice is told apart by a count."""
    found: dict[Hashable, Any] = {}
    for row in rows:
        key = identity(row)
        again = 2
        while key in found:
            key = (identity(row), again)
            again += 1
        found[key] = row
    return found


def _named(key: Hashable) -> str:
    """What identifies a row, as a path says it."""
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(_named(part) if isinstance(part, tuple) else str(part) for part in parts
                     if part is not None and part not in ("", "null", "header", "organization", "standard"))


def _set(document: Mapping[str, Any], steps: Sequence[Any], value: Any, after: Mapping[str, Any]) -> dict[str, Any]:
    """The document with one place changed; `after` says where new rows and orders come from."""
    name, rest = steps[0], steps[1:]
    if not rest:
        return {**document, name: value}
    if name == "schema_definition":
        inner = _set(document.get(name) or {}, rest, value, after.get(name) or {})
        return {**document, name: inner if any(inner.values()) else None}
    if name == "lines":
        return {**document, name: {**document.get(name, {}), rest[0]: value}}
    identity = (_OVERRIDES if "code" not in document else _LISTS)[name]
    return {**document, name: _set_row(document.get(name) or [], identity, rest, value, after.get(name) or [])}


def _set_row(rows: Sequence[Any], identity: Identity, steps: Sequence[Any], value: Any,
             after: Sequence[Any]) -> list[Any]:
    found = _by_identity(rows, identity)
    key = steps[0]
    if key == ORDER and len(steps) == 1:
        places = {one: place for place, one in enumerate(_by_identity(after, identity))}
        return [found[one] for one in sorted(found, key=lambda one: places.get(one, len(places)))]
    if len(steps) > 1:
        if key in found:
            found[key] = _laid_over(found[key], {steps[1]: {steps[2]: value} if len(steps) > 2 else value})
    elif value is None:
        found.pop(key, None)
    elif key in found:
        found[key] = _laid_over(found[key], {name: one for name, one in value.items() if one not in (None, "", [], {})})
    else:
        return _placed_as(found, key, value, list(_by_identity(after, identity)))
    return list(found.values())


def _laid_over(row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """The row with other columns; of its limits only those named change, and one that is nothing goes."""
    made = {**row, **columns}
    if _LIMITS in columns:
        limits = {**(row.get(_LIMITS) or {}), **columns[_LIMITS]}
        made[_LIMITS] = {name: one for name, one in limits.items() if one is not None}
    return made


def _placed_as(found: Mapping[Hashable, Any], key: Hashable, value: Any, order: Sequence[Hashable]) -> list[Any]:
    """The rows with one more, behind the row that it follows elsewhere."""
    earlier = set(order[: order.index(key)])
    place = max((at for at, one in enumerate(found, start=1) if one in earlier), default=0)
    rows = list(found.values())
    return [*rows[:place], value, *rows[place:]]
