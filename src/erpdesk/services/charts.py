"""A chart of accounts before it is anybody's: read from the baseline or a file, looked at, its roles seen to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from erpdesk.domain.results import ErpdeskError, Fault

BASELINE, NO_CHART = "baseline", "none"
OPTIONAL_ROLES = frozenset({"cash", "bank", "capital", "freight", "bank_charges"})


_TEXTS = ("code", "name", "type", "parent", "kind", "role")


@dataclass(frozen=True, slots=True)
class ChartRow:
    """An account of a chart. `line` is that of the file, 0 for none; `is_group`: something names it as its parent."""

    line: int
    code: str
    name: str
    type: str
    parent: str = ""
    kind: str = ""
    role: str = ""
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class ChartPreview:
    """What a chart holds, what is wrong with it (each fault names its line), and the roles that nobody plays yet."""

    rows: tuple[ChartRow, ...]
    faults: tuple[Fault, ...] = ()
    missing_roles: tuple[str, ...] = ()


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
    faults += _tree_faults(rows)
    played = {row.role for row in rows}
    return ChartPreview(rows, tuple(faults), missing_roles(played) if rows else ())


def missing_roles(played: set[str]) -> tuple[str, ...]:
    """The roles that posting needs an account for and that nobody plays."""
    from erpdesk.storage.tables.ledger import ACCOUNT_ROLES

    return tuple(role for role in ACCOUNT_ROLES if role not in played and role not in OPTIONAL_ROLES)


def with_roles(rows: Sequence[tuple[int, dict[str, Any]]],
               roles: Mapping[str, str]) -> list[tuple[int, dict[str, Any]]]:
    """The accounts, those that `roles` names playing the role they are named for."""
    from erpdesk.domain.keys import key_of
    from erpdesk.exchange.accounts import KIND_OF_ROLE

    given = {key_of(code): role for role, code in roles.items()}
    found = []
    for line, account in rows:
        role = given.get(key_of(str(account.get("code", ""))))
        if role is not None and not account.get("role"):
            account = account | {"role": role}
            if role in KIND_OF_ROLE:
                account.setdefault("kind", KIND_OF_ROLE[role])
        found.append((line, account))
    return found


def _rows(accounts: Sequence[tuple[int, Mapping[str, Any]]]) -> tuple[ChartRow, ...]:
    from erpdesk.domain.keys import key_of

    rows = [ChartRow(line, **{key: str(account.get(key) or "") for key in _TEXTS},
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
