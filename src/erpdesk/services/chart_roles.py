"""The roles of a chart: which the books can't do without, which account may play them, which one probably does.

An account plays any number of roles, as long as they agree on its kind: what an account of a guarded kind holds (stock,
what parties owe, goods on their way to an invoice) is compared with other records, so such a role has an account of its
own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from erpdesk.blueprints.vocabulary import CONTROL_ACCOUNT_KINDS, STOCK_ACCOUNT_KINDS
from erpdesk.domain.keys import key_of
from erpdesk.domain.results import Fault
from erpdesk.settings import RESOURCES

GUARDED_KINDS = STOCK_ACCOUNT_KINDS | CONTROL_ACCOUNT_KINDS
USUAL_ROLES = ("cash", "bank")
"""Roles that nothing is refused for, but that hardly any chart is without: payments offer accounts of these kinds."""


class Row(Protocol):
    """An account as seen from here."""

    @property
    def line(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def roles(self) -> tuple[str, ...]: ...
    @property
    def is_group(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Role:
    """What is known of a role: `words` are names that accounts playing it usually have, the likeliest first, `like` the
    roles whose account serves where nothing has such a name."""

    code: str
    natures: tuple[str, ...]
    words: tuple[str, ...]
    like: tuple[str, ...] = ()
    is_needed: bool = False


@cache
def known_roles() -> Mapping[str, Role]:
    """Every role, in the order in which they are looked for."""
    rows = json.loads((RESOURCES / "charts" / "roles.json").read_text(encoding="utf-8"))
    return {code: Role(code, tuple(row["natures"]), tuple(row["words"]), tuple(row.get("like", ())),
                       bool(row.get("needed"))) for code, row in rows.items()}


def missing_roles(played: Iterable[str]) -> tuple[str, ...]:
    """The roles that posting needs an account for and that nobody plays."""
    there = set(played)
    return tuple(role.code for role in known_roles().values() if role.is_needed and role.code not in there)


def may_play(row: Row, role: str) -> bool:
    """Whether an account of its kind and of the roles it has can play this one too."""
    from erpdesk.exchange.accounts import KIND_OF_ROLE

    if row.is_group:
        return False
    kinds = {KIND_OF_ROLE.get(one, "") for one in (*row.roles, role)} | {"" if row.kind == "general" else row.kind}
    return not kinds & GUARDED_KINDS or (len(kinds - {""}) == 1 and len({*row.roles, role}) == 1)


def role_faults(rows: Sequence[Row]) -> list[Fault]:
    """Roles that two accounts claim, and accounts that play what they can't."""
    faults: list[Fault] = []
    players: dict[str, Row] = {}
    for row in rows:
        for role in row.roles:
            first = players.setdefault(role, row)
            if first is not row:
                told = f"{first.code[:60]} has the role {role} already."
                faults.append(Fault("ORG-009", told, f"line {row.line}.role"))
            elif not may_play(row, role):
                faults.append(Fault("ORG-009", _refused(row, role), f"line {row.line}.role"))
    return faults


def _refused(row: Row, role: str) -> str:
    if row.is_group:
        return f"{row.code[:60]} is a group: it can't play the role {role}."
    if others := ", ".join(one for one in row.roles if one != role):
        return f"{row.code[:60]} can't play the role {role} as well as {others}: it needs an account of its own."
    code, kind = row.code[:60], row.kind[:20]
    return f"{code} can't play the role {role} while it is of kind {kind}: it needs an account of its own."


def proposed_roles(rows: Sequence[Row], asked: Iterable[str]) -> dict[str, str]:
    """For each of these roles the code of the account that probably plays it; one without a likely one is left out."""
    given = {role: row for row in rows for role in row.roles}
    wanted = [role for role in known_roles().values() if role.code in set(asked) and role.code not in given]
    found: dict[str, Row] = {}
    for role in wanted:
        if (row := _named_so(rows, role, found)) is not None:
            found[role.code] = row
    for role in wanted:
        players = {**given, **found}
        likely = (players[one] for one in role.like if one in players)
        stand_in = next((row for row in likely if may_play(row, role.code)), None)
        if role.code not in found and stand_in is not None:
            found[role.code] = stand_in
    return {role: row.code for role, row in found.items()}


def _named_so(rows: Sequence[Row], role: Role, taken: Mapping[str, Row]) -> Row | None:
    """The account of the kind that goes with the role; else the one whose name says it, the likeliest word first."""
    from erpdesk.exchange.accounts import KIND_OF_ROLE

    kind = KIND_OF_ROLE.get(role.code, "")
    guarded = {row.code for one, row in taken.items() if KIND_OF_ROLE.get(one, "") in GUARDED_KINDS}
    fitting = [row for row in rows if may_play(row, role.code) and row.code not in guarded
               and (kind not in GUARDED_KINDS or row.code not in {one.code for one in taken.values()})]
    if kind in GUARDED_KINDS and (same := [row for row in fitting if row.kind == kind]):
        return same[0]
    of_nature = [row for row in fitting if row.type in role.natures]
    names = {row.code: key_of(row.name) for row in of_nature}
    for word in role.words:
        if (same := [row for row in of_nature if names[row.code] == word]):
            return same[0]
    for word in role.words:
        if (same := [row for row in of_nature if word in names[row.code]]):
            return same[0]
    return None
