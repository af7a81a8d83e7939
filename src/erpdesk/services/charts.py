"""A chart of accounts before it is anybody's: read from the baseline or a file, looked at, its roles seen to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from erpdesk.domain.results import ErpdeskError, Fault
from erpdesk.services.chart_roles import USUAL_ROLES, known_roles, missing_roles, proposed_roles, role_faults

BASELINE, NO_CHART = "baseline", "none"
_TEXTS = ("code", "name", "type", "parent", "kind")


@dataclass(frozen=True, slots=True)
class ChartRow:
    """An account of a chart. `line` is that of the file, 0 for none; `is_group`: something names it as its parent."""

    line: int
    code: str
    name: str
    type: str
    parent: str = ""
    kind: str = ""
    roles: tuple[str, ...] = ()
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class ChartPreview:
    """What a chart holds, what is wrong with it (each fault names its line), and the roles that nobody plays yet: those
    that posting needs, those that are only worth asking for, and the accounts that probably play them, by code."""

    rows: tuple[ChartRow, ...]
    faults: tuple[Fault, ...] = ()
    missing_roles: tuple[str, ...] = ()
    optional_roles: tuple[str, ...] = ()
    proposed_roles: Mapping[str, str] = field(default_factory=dict)


def preview_chart(chart: str, roles: Mapping[str, str] | None = None) -> ChartPreview:
    """A chart as it would be made: `baseline`, `none` or the path of a table; `roles` names accounts of it for roles
    by their codes. Never raises: a file that can't be read is a fault."""
    from pathlib import Path

    from erpdesk.exchange.accounts import account_faults, baseline_chart, read_accounts

    if chart == NO_CHART:
        return ChartPreview(())
    if chart == BASELINE:
        return ChartPreview(_rows([(0, account) for account in baseline_chart()]))
    try:
        read = read_accounts(Path(chart).expanduser())
    except ErpdeskError as error:
        return ChartPreview((), error.faults)
    rows = _rows(with_roles(read, roles or {}))
    faults = [fault for line, account in read for fault in account_faults(account, f"line {line}")]
    faults += [*_tree_faults(rows), *role_faults(rows)]
    if not rows:
        return ChartPreview(rows, tuple(faults))
    played = {role for row in rows for role in row.roles}
    there = {*played, *(row.kind for row in rows)}
    proposed = proposed_roles(rows, known_roles())
    optional = tuple(role for role in known_roles() if role not in there and not known_roles()[role].is_needed
                     and (role in proposed or role in USUAL_ROLES))
    return ChartPreview(rows, tuple(faults), missing_roles(played), optional, proposed)


def with_roles(rows: Sequence[tuple[int, dict[str, Any]]],
               roles: Mapping[str, str]) -> list[tuple[int, dict[str, Any]]]:
    """The accounts, each playing the roles that `roles` names it for besides those of the table; what the table says of
    a role holds."""
    from erpdesk.domain.keys import key_of
    from erpdesk.exchange.accounts import kind_of_roles, roles_of

    played = {role for _, account in rows for role in roles_of(account)}
    named: dict[str, list[str]] = {}
    for role, code in roles.items():
        if role not in played:
            named.setdefault(key_of(code), []).append(role)
    found = []
    for line, account in rows:
        if more := named.get(key_of(str(account.get("code", "")))):
            account = account | {"role": [*roles_of(account), *more]}
            if kind := kind_of_roles(roles_of(account)):
                account.setdefault("kind", kind)
        found.append((line, account))
    return found


def _rows(accounts: Sequence[tuple[int, Mapping[str, Any]]]) -> tuple[ChartRow, ...]:
    from erpdesk.domain.keys import key_of
    from erpdesk.exchange.accounts import roles_of

    rows = [ChartRow(line, **{key: str(account.get(key) or "") for key in _TEXTS}, roles=roles_of(account),
                     is_group=bool(account.get("group"))) for line, account in accounts]
    parents = {key_of(row.parent) for row in rows if row.parent}
    return tuple(replace(row, is_group=True) if key_of(row.code) in parents else row for row in rows)


def _tree_faults(rows: Sequence[ChartRow]) -> list[Fault]:
    """Codes that stand twice, parents that are nowhere."""
    from erpdesk.domain.keys import key_of

    faults: list[Fault] = []
    lines: dict[str, int] = {}
    for row in rows:
        first = lines.setdefault(key_of(row.code), row.line)
        if row.code and first != row.line:
            faults.append(Fault("IMP-014", f"The code {row.code[:60]} stands in line {first} already.",
                                f"line {row.line}.code"))
    faults += [Fault("IMP-013", f"There is no account {row.parent[:60]} to stand under.", f"line {row.line}.parent")
               for row in rows if row.parent and key_of(row.parent) not in lines]
    return faults


def starting_units() -> tuple[tuple[str, str], ...]:
    """Codes and names of the units that every organization starts with."""
    from erpdesk.exchange.accounts import baseline_units

    return tuple((str(unit["code"]), str(unit.get("name") or unit["code"])) for unit in baseline_units())
