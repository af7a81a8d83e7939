"""Overrides of the key path: what a site, a role or a user wants otherwise, laid over the form and never into it.

They are rows of their own, so that neither an upgrade nor a new version of a blueprint touches them, and they know
no more than how the cursor passes: what a voucher may hold they can't change. Order: site, role, user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.fields import Field
from erpdesk.blueprints.schema import UiSchema

ROOT = "key_paths"
SETTINGS = ("tab_order", "skip_when_certain", "open_on_focus", "repeat_from_above")
_HIGHEST_ORDER = 1_000_000
_KNOWN = frozenset({"type", "field", "scope", "for", "remove", *SETTINGS})


class PathScope(StrEnum):
    """Whom an override is for; later ones lie over earlier ones."""

    SITE = "site"
    ROLE = "role"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class PathOverride:
    """How the cursor passes one field (`party`, `lines.rate`); null leaves it as it was. `name` is the role or
    the user, empty for the site."""

    type_code: str
    field: str
    scope: PathScope = PathScope.SITE
    name: str = ""
    tab_order: int | None = None
    skip_when_certain: bool | None = None
    open_on_focus: bool | None = None
    repeat_from_above: bool | None = None

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes two overrides the same one."""
        return self.type_code, self.field, str(self.scope), self.name

    @property
    def said(self) -> dict[str, Any]:
        """The settings that it changes."""
        return {key: value for key in SETTINGS if (value := getattr(self, key)) is not None}

    def as_json(self) -> dict[str, Any]:
        """A row of the document."""
        whom = {"for": self.name} if self.name else {}
        return {"type": self.type_code, "field": self.field, "scope": str(self.scope), **whom, **self.said}


@dataclass(frozen=True, slots=True)
class PathChange:
    """What a document asks of one override: settings to lay over it, or its removal."""

    target: PathOverride
    settings: Mapping[str, Any]
    remove: bool = False

    def over(self, stored: PathOverride | None) -> PathOverride | None:
        """The override as it shall be; None when nothing of it is left."""
        if self.remove:
            return None
        wanted = replace(stored or self.target, **self.settings)
        return wanted if wanted.said else None


def laid_over(schema: UiSchema, overrides: Iterable[PathOverride]) -> UiSchema:
    """The form with its key path overridden; fields that it hasn't (any more) are passed over."""
    ordered = sorted(overrides, key=lambda one: list(PathScope).index(one.scope))
    settings: dict[str, dict[str, Any]] = {}
    for one in ordered:
        settings.setdefault(one.field, {}).update(one.said)
    if not settings:
        return schema
    return replace(
        schema,
        header=tuple(_passed(field, settings.get(field.key)) for field in schema.header),
        grids=tuple(replace(grid, fields=tuple(_passed(field, settings.get(f"{grid.key}.{field.key}"))
                                               for field in grid.fields)) for grid in schema.grids),
    )


def _passed(field: Field, settings: Mapping[str, Any] | None) -> Field:
    return field if not settings else replace(field, key_path=replace(field.key_path, **settings))


def field_names(schema: UiSchema) -> tuple[str, ...]:
    """The fields whose path may be overridden, as overrides name them."""
    lines = [f"{grid.key}.{field.key}" for grid in schema.grids if not grid.mirror_of for field in grid.fields]
    return (*(field.key for field in schema.header), *lines)


def read_path_changes(document: Any, user: str) -> tuple[PathChange, ...]:
    """The changes that a document `{"key_paths": [...]}` asks for; a user's row without a name is `user`'s own.

    InvalidRequest CFG-* with every fault and its path.
    """
    faults = FaultList()
    changes: list[PathChange] = []
    if not isinstance(document, Mapping) or not isinstance(document.get(ROOT), list | tuple):
        faults.add(Cfg.WRONG_FORM, ROOT, f'overrides of key paths are an object {{"{ROOT}": [...]}}')
        faults.raise_if_any()
        return ()
    for key in document:
        if key != ROOT:
            faults.add(Cfg.UNKNOWN_KEY, str(key), f"{key} is not a known key")
    seen: set[tuple[str, str, str, str]] = set()
    for position, row in enumerate(document[ROOT]):
        change = _change(row, joined(ROOT, position), user, faults)
        if change is not None and change.target.identity in seen:
            faults.add(Cfg.DUPLICATE, joined(ROOT, position), f"{change.target.field} is there twice")
        elif change is not None:
            seen.add(change.target.identity)
            changes.append(change)
    faults.raise_if_any()
    return tuple(changes)


def _change(row: Any, path: str, user: str, faults: FaultList) -> PathChange | None:
    if not isinstance(row, Mapping):
        faults.add(Cfg.WRONG_FORM, path, f"{path} must be an object")
        return None
    before = len(faults.found)
    for key in row:
        if key not in _KNOWN:
            faults.add(Cfg.UNKNOWN_KEY, joined(path, str(key)), f"{joined(path, str(key))} is not a known key")
    for key in ("type", "field"):
        if not isinstance(row.get(key), str) or not row[key]:
            faults.add(Cfg.MISSING, joined(path, key), f"{joined(path, key)} must be given")
    scope = _scope(row, path, faults)
    name = _name(row, scope, path, user, faults)
    for key in SETTINGS:
        _check(_whole(row.get(key)), key, joined(path, key), faults)
    if len(faults.found) > before or scope is None:
        return None
    settings = {key: _whole(row[key]) for key in SETTINGS if key in row}
    target = PathOverride(type_code=row["type"], field=row["field"], scope=scope, name=name)
    return PathChange(target, settings, row.get("remove") is True)


def _scope(row: Mapping[str, Any], path: str, faults: FaultList) -> PathScope | None:
    written = row.get("scope", PathScope.SITE)
    if written in tuple(PathScope):
        return PathScope(written)
    place = joined(path, "scope")
    faults.add(Cfg.UNKNOWN_WORD, place, f"{place} must be one of {', '.join(PathScope)}")
    return None


def _name(row: Mapping[str, Any], scope: PathScope | None, path: str, user: str, faults: FaultList) -> str:
    given, place = row.get("for", ""), joined(path, "for")
    if not isinstance(given, str):
        faults.add(Cfg.WRONG_FORM, place, f"{place} must be a name")
        return ""
    if scope is PathScope.USER and not given:
        return user
    if scope is not None and (scope is PathScope.SITE) != (given == ""):
        faults.add(Cfg.COLUMN_PAIR, place, f"{place}: an override for a {scope} "
                   f"{'names nobody' if scope is PathScope.SITE else 'must say which'}")
    return given


def _whole(value: Any) -> Any:
    """Files are read with numbers as text."""
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 10 else value


def _check(value: Any, key: str, place: str, faults: FaultList) -> None:
    if value is None:
        return
    if key != "tab_order":
        if not isinstance(value, bool):
            faults.add(Cfg.WRONG_FORM, place, f"{place} must be true or false")
    elif isinstance(value, bool) or not isinstance(value, int):
        faults.add(Cfg.WRONG_FORM, place, f"{place} must be a whole number")
    elif not 1 <= value <= _HIGHEST_ORDER:
        faults.add(Cfg.OUT_OF_RANGE, place, f"{place} must lie between 1 and {_HIGHEST_ORDER}")
