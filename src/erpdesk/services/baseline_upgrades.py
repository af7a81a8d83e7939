"""Voucher types beside the baseline they came from, and what a newer baseline would change in them.

Three documents decide: what was shipped when the type was last agreed upon, what is shipped now, and the type as it
is. A type that differs from the first is customised; what the second differs in from the first is offered, and is
taken or left one by one. Nothing is taken by itself, by seeding or upgrading: see docs/decisions/0024.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.comparing import Difference, compare, shown, taken
from erpdesk.domain.results import ErpdeskError
from erpdesk.services.blueprint_contents import content_today
from erpdesk.services.configuration import ConfiguredType, shipped_blueprints

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.services.blueprint_versions import BlueprintVersionService
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that the new baseline changes: from `before` to `after`. `mine` is what the admin made of the same
    place, if anything (`customised`): taking the offer replaces it."""

    difference: Difference
    customised: bool
    mine: Any = None

    @property
    def mine_text(self) -> str:
        """What the admin made of it, in words; empty when it wasn't touched."""
        return shown(self.mine) if self.customised else ""

    def as_json(self) -> dict[str, Any]:
        """One line of the command line."""
        row = {**self.difference.as_json(), "customised": self.customised}
        return {**row, "mine": self.mine} if self.customised else row


@dataclass(frozen=True, slots=True)
class BaselineState:
    """One shipped type: whether the admin changed it (`changes` says in what), and what is offered."""

    code: str
    label: str
    version: int
    changes: tuple[Difference, ...]
    offers: tuple[Offer, ...]

    @property
    def customised(self) -> bool:
        """Whether it differs from the baseline it came from."""
        return bool(self.changes)

    def as_json(self) -> dict[str, Any]:
        """One line of the command line."""
        return {"voucher_type": self.code, "label": self.label, "version": self.version, "customised": self.customised,
                "changes": [one.as_json() for one in self.changes],
                "offers": [one.as_json() for one in self.offers]}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Three:
    """The documents of a type that decide: agreed upon, shipped now, as it is."""

    agreed: Mapping[str, Any]
    shipped: Mapping[str, Any]
    current: Blueprint

    def state(self) -> BaselineState:
        now = self.current.to_document()
        changes = compare(self.agreed, now)
        own = {change.path: change for change in changes}
        offers = []
        for difference in compare(self.agreed, self.shipped):
            if taken(now, self.agreed, self.shipped, {difference.path}) == now:
                continue
            mine = own.get(difference.path)
            offers.append(Offer(difference, mine is not None, mine.after if mine else None))
        return BaselineState(self.current.code, self.current.voucher_type.label, self.current.version, changes,
                             tuple(offers))  # fmt: skip


class BaselineUpgradeService:
    """Shipped voucher types of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo, versions: BlueprintVersionService) -> None:
        self._server, self._organization, self._versions = server, organization, versions

    def states(self) -> tuple[BaselineState, ...]:
        """Every type that is shipped and there, in the order of screens."""
        return tuple(three.state() for three in self._documents().values())

    def state(self, type_code: str) -> BaselineState:
        """One of them. Raises ErpdeskError CFG-027 for a type that isn't shipped."""
        return self._three(type_code).state()

    def take(self, type_code: str, paths: Collection[str] | None = None,
             expected_version: int | None = None) -> ConfiguredType:  # fmt: skip
        """Makes offers at `paths`, or all, in the type: a new version. Raises as saving does, and ErpdeskError
        CFG-029 for a path that nothing is offered at."""
        from erpdesk.storage.blueprint_baselines import keep_baselines

        three = self._three(type_code)
        chosen = _chosen(three, paths)
        agreed = taken(three.agreed, three.agreed, three.shipped, chosen)
        wanted = taken(three.current.to_document(), three.agreed, three.shipped, chosen)

        def agree(connection: Connection) -> None:
            keep_baselines(connection, self._organization.id, {type_code: agreed})

        expected = three.current.version if expected_version is None else expected_version
        return self._versions.save(wanted, expected, also=agree)

    def leave(self, type_code: str, paths: Collection[str] | None = None) -> BaselineState:
        """Offers at `paths`, or all, are offered no more; the type stays as it is. Raises as `take` does."""
        from erpdesk.services.saving_blueprints import refuse_without_right
        from erpdesk.storage.blueprint_baselines import keep_baselines
        from erpdesk.storage.transactions import writing

        three = self._three(type_code)
        agreed = taken(three.agreed, three.agreed, three.shipped, _chosen(three, paths))
        with writing(self._server) as connection:
            refuse_without_right(connection, self._organization)
            keep_baselines(connection, self._organization.id, {type_code: agreed})
        return self.state(type_code)

    def _three(self, type_code: str) -> _Three:
        found = self._documents()
        if type_code not in found:
            raise ErpdeskError("CFG-027", f"{type_code[:60]} is no type of the baseline.", field="type",
                               cure=f"Of the baseline are: {', '.join(found)}.")  # fmt: skip
        return found[type_code]

    def _documents(self) -> dict[str, _Three]:
        from erpdesk.storage.blueprint_baselines import kept_baselines
        from erpdesk.storage.blueprints import read_blueprints
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            agreed = kept_baselines(connection, self._organization.id)
            current = read_blueprints(connection, self._organization.id)
            shipped = shipped_blueprints(connection, self._organization)
        return {code: _Three(content_today(document), shipped[code].to_document(), current[code].blueprint)
                for code, document in agreed.items() if code in shipped}


def _chosen(three: _Three, paths: Collection[str] | None) -> Collection[str]:
    offered = [offer.difference.path for offer in three.state().offers]
    unknown = [path for path in paths or () if path not in offered]
    if unknown:
        raise ErpdeskError(
            "CFG-029", f'The new baseline of {three.current.code} offers nothing at "{unknown[0][:60]}"'
            f" (it does at: {', '.join(offered) or 'nowhere'}).", field="path")  # fmt: skip
    return offered if paths is None else paths
