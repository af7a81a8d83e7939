"""Configuration documents laid over what is there: `config import` (decisions 81, 84).

`{"voucher_types": [{"code": "PHYSICAL_STOCK", "is_active": true}]}` changes one column; `"copy_of"` makes a
new type from another. Lists merge by what identifies their rows; a row with `"remove": true` goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint, read_blueprint
from erpdesk.blueprints.canonical import canonical_json
from erpdesk.blueprints.codec import encode
from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.sizes import check_sizes
from erpdesk.domain.results import Fault, InvalidRequest

COPY_OF = "copy_of"
ROOT = "voucher_types"
Identity = Callable[[Mapping[str, Any]], Hashable]

IDENTITIES: Mapping[str, Identity] = {
    "charges": lambda row: row.get("code"),
    "udfs": lambda row: (row.get("scope", "header"), row.get("key")),
    "field_rules": lambda row: (
        row.get("field"), row.get("scope", "organization"), row.get("scope_value", ""),
        canonical_json(encode_plain(row.get("condition")))),
    "series": lambda row: (row.get("code"), row.get("branch"), row.get("valid_from")),
}
"""What makes a row the same row; the list `approval` is replaced whole."""


def encode_plain(value: Any) -> Any:
    """Plain JSON with decimals as text, so that equal figures compare equal."""
    if isinstance(value, Mapping):
        return {key: encode_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [encode_plain(part) for part in value]
    return encode(value) if isinstance(value, Decimal) else value


def read_config(document: Any, current: Mapping[str, Blueprint]) -> tuple[Blueprint, ...]:
    """The blueprints that a configuration document asks for, over the current ones by code.

    Versions are those of the current blueprints (1 for new ones): whoever saves counts on. InvalidRequest
    with every fault, each with its path in the document.
    """
    faults = FaultList()
    blueprints = _read_types(document, current, faults)
    faults.raise_if_any()
    return tuple(blueprints)


def _read_types(document: Any, current: Mapping[str, Blueprint], faults: FaultList) -> list[Blueprint]:
    if not isinstance(document, Mapping) or not isinstance(document.get(ROOT), list | tuple):
        faults.add(Cfg.WRONG_FORM, ROOT, f'a configuration is an object {{"{ROOT}": [...]}}')
        return []
    for key in document:
        if key != ROOT:
            faults.add(Cfg.UNKNOWN_KEY, str(key), f"{key} is not a known key")
    if not check_sizes(document, "", faults):
        return []
    known, read = dict(current), []
    seen: set[str] = set()
    for position, given in enumerate(document[ROOT]):
        path = joined(ROOT, position)
        whole = _whole(given, known, path, faults)
        before = len(faults.found)
        blueprint = read_blueprint(whole, path, faults) if whole is not None else None
        faults.found[before:] = [_as_given(fault, given, whole or {}, path) for fault in faults.found[before:]]
        if blueprint is None:
            continue
        if blueprint.code in seen:
            faults.add(Cfg.DUPLICATE, joined(path, "code"), f"{blueprint.code} is there twice")
        seen.add(blueprint.code)
        known[blueprint.code] = blueprint
        read.append(blueprint)
    return read


def _whole(given: Any, known: Mapping[str, Blueprint], path: str, faults: FaultList) -> dict[str, Any] | None:
    """A type's document; what it leaves unsaid is taken from the current type, or the one it copies."""
    if not isinstance(given, Mapping):
        faults.add(Cfg.WRONG_FORM, path, f"{path} must be an object")
        return None
    patch = {key: value for key, value in given.items() if key not in (COPY_OF, "version")}
    code, source = given.get("code"), given.get(COPY_OF)
    if source is not None and (not isinstance(source, str) or source not in known):
        faults.add(Cfg.UNKNOWN_TYPE, joined(path, COPY_OF), f"there is no voucher type {str(source)[:60]} to copy")
        return None
    if isinstance(code, str) and code in known:
        if source is not None:
            faults.add(Cfg.DUPLICATE, joined(path, "code"), f"{code} is there already: copy to a new code")
            return None
        return patched(known[code].to_document(), patch)
    if source is not None:
        base = known[source].to_document() | {"version": 1, "shortcut": ""}
        return patched(base, patch)
    return dict(patch)


def _as_given(fault: Fault, given: Any, whole: Mapping[str, Any], path: str) -> Fault:
    """A fault of a merged row with the row's place in the document given, if it stands there."""
    found = re.match(re.escape(path) + r"\.(\w+)\[([0-9]+)\]", fault.field)
    if found is None or found[1] not in IDENTITIES or not isinstance(given.get(found[1]), list | tuple):
        return fault
    identity, row = IDENTITIES[found[1]], whole[found[1]][int(found[2])]
    same = _identity_of(row, identity)
    places = [position for position, candidate in enumerate(given[found[1]])
              if candidate is row or (same is not None and _identity_of(candidate, identity) == same)]
    if not places:
        return fault
    place = f"{path}.{found[1]}[{places[-1]}]"
    return replace(fault, field=place + fault.field[found.end():],
                   message=fault.message.replace(found[0], place))


def placed_as_given(faults: Sequence[Fault], document: Mapping[str, Any],
                    blueprints: Sequence[Blueprint]) -> list[Fault]:
    """Faults found in the blueprints that a document was read to, with the rows' places in the document."""
    placed = []
    for fault in faults:
        found = re.match(rf"{ROOT}\[([0-9]+)\]", fault.field)
        position = int(found[1]) if found else 0
        whole = blueprints[position].to_document()
        placed.append(_as_given(fault, document[ROOT][position], whole, joined(ROOT, position)))
    return placed


def patched(base: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """One type's document with a patch laid over it; neither argument is changed."""
    result = dict(base)
    for key, value in patch.items():
        if key == "lines" and isinstance(value, Mapping):
            result[key] = {**base.get(key, {}), **value}
        elif key in IDENTITIES and isinstance(value, list | tuple):
            result[key] = _merged(base.get(key, ()), [_meant(key, row) for row in value], IDENTITIES[key])
        else:
            result[key] = value
    return result


def _meant(kind: str, row: Any) -> Any:
    """A row with what it says unsaid: a charge inside the price leaves the total, unless it says otherwise (and is
    refused for it)."""
    if kind == "charges" and isinstance(row, Mapping) and row.get("included_in_price") is True:
        return {"included_in_total": False, **row}
    return row


def _merged(below: Any, above: Any, identity: Identity) -> list[Any]:
    """Rows above change the row below of the same identity, or are added at the end."""
    rows: dict[Hashable, Any] = {}
    said: set[Hashable] = set()
    for position, row in enumerate([*below, *above]):
        key = _identity_of(row, identity)
        if key is None:
            rows[("unreadable", position)] = row
            continue
        is_change, changes = position >= len(below), {name: part for name, part in row.items() if name != "remove"}
        if is_change and row.get("remove") is True:
            rows.pop(key, None)
        elif key in rows and is_change and key not in said:
            rows[key] = {**rows[key], **changes}
            said.add(key)
        elif key in rows:
            rows[("again", position)] = changes
        else:
            rows[key] = changes
            said |= {key} if is_change else set()
    return list(rows.values())


def _identity_of(row: Any, identity: Identity) -> Hashable | None:
    """What identifies a row; nothing of what is no row, or names itself by what is no name: reading refuses it."""
    if not isinstance(row, Mapping):
        return None
    try:
        key = identity(row)
        hash(key)
    except TypeError:
        return None
    return key


def config_document(blueprints: tuple[Blueprint, ...]) -> dict[str, Any]:
    """What `config export` writes; `read_config` reads it back."""
    return {ROOT: [blueprint.to_document() for blueprint in blueprints]}


def check_config(document: Any, current: Mapping[str, Blueprint]) -> InvalidRequest | None:
    """What `config validate` reports; None when the document could be imported."""
    try:
        read_config(document, current)
    except InvalidRequest as refusal:
        return refusal
    return None
