"""The versions of voucher types: shown, compared, restored, saved against the one seen, copied elsewhere.

Every change is a new version; what a restored type said in between stays readable. Documents are those of one
voucher type, as `config show --type` prints them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.comparing import Difference, compare, in_words
from erpdesk.domain.results import ConflictError, ErpdeskError, Fault, InvalidRequest
from erpdesk.services.blueprint_contents import content_today
from erpdesk.services.configuration import ConfigurationService, ConfiguredType, shipped_blueprints

if TYPE_CHECKING:
    from erpdesk.blueprints.blueprint import Blueprint
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.blueprints import StoredBlueprint
    from erpdesk.storage.server import Server
    from erpdesk.storage.transactions import Connection

BASELINE = "baseline"
LATEST = 200


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version of a type, and what it changed in the one before; `same_as` is the newest earlier version
    that said exactly the same, if there is one (it was restored)."""

    version: int
    at: datetime
    by: str
    changes: tuple[Difference, ...]
    is_current: bool
    same_as: int | None = None

    @property
    def words(self) -> str:
        """What changed, in one line."""
        said = in_words(self.changes) if self.changes else "made" if self.version == 1 else "nothing"
        return f"as version {self.same_as} again ({said})" if self.same_as else said

    def as_json(self) -> dict[str, Any]:
        """One line of the command line."""
        return {"version": self.version, "at": self.at.isoformat(timespec="seconds"), "by": self.by,
                "current": self.is_current, "same_as": self.same_as, "words": self.words,
                "changes": [one.as_json() for one in self.changes]}  # fmt: skip


class BlueprintVersionService:
    """Versions of the voucher types of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo, configuration: ConfigurationService) -> None:
        self._server, self._organization, self._configuration = server, organization, configuration

    def versions(self, type_code: str, latest: int = LATEST) -> tuple[VersionEntry, ...]:
        """The latest versions of a type, newest first, each with what it changed. Raises ErpdeskError CFG-022."""
        from erpdesk.storage.blueprint_history import read_versions
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            kept = read_versions(connection, self._organization.id, type_code, latest=latest + 1)
        if not kept:
            self._configuration.blueprint(type_code)
        contents = [content_today(one.document) for one in kept]
        entries = []
        for place, one in enumerate(kept[:latest]):
            before = contents[place + 1] if place + 1 < len(kept) else contents[place]
            same = next((kept[older].version for older in range(place + 2, len(kept))
                         if contents[older] == contents[place]), None)
            changes = compare(before, contents[place])
            entries.append(VersionEntry(one.version, one.at, one.by, changes, place == 0, same))
        return tuple(entries)

    def document(self, type_code: str, version: int | str | None = None) -> dict[str, Any]:
        """A type's document as it is, as it was in a version, or as it is shipped (`baseline`). Raises
        ErpdeskError CFG-022 for an unknown type, CFG-027 for a version or baseline that there isn't."""
        from erpdesk.storage.blueprint_history import read_versions
        from erpdesk.storage.transactions import reading

        if version is None:
            return self._configuration.blueprint(type_code).to_document()
        if version == BASELINE:
            return self._shipped(type_code)
        number = _number(version)
        with reading(self._server) as connection:
            kept = read_versions(connection, self._organization.id, type_code, latest=1, of=number)
        if not kept:
            now = self._configuration.blueprint(type_code).version
            raise ErpdeskError(
                "CFG-027", f"{type_code} has no version {number}: there are 1 to {now}.", field="version")
        return {**content_today(kept[0].document), "version": number}

    def compare(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
        """What two documents of a type differ in; either may be unsaved."""
        return compare(before, after)

    def compare_versions(
        self, type_code: str, before: int | str = BASELINE, after: int | str | None = None
    ) -> tuple[Difference, ...]:
        """What a type differs in between two versions; from the baseline to what it is now unless told."""
        return compare(self.document(type_code, before), self.document(type_code, after))

    def save(
        self, document: Mapping[str, Any], expected_version: int, also: Callable[[Connection], None] | None = None
    ) -> ConfiguredType:
        """Writes a whole document over the version that it was made from, as the next one; 0 makes a new type.
        What is `also` to be written comes in the same transaction.

        Raises InvalidRequest CFG-* with paths in the document; ConflictError CFG-026, with both versions and
        what was changed meanwhile, when it isn't the current one any more; ForbiddenError SEC-001.
        """
        from erpdesk.blueprints.blueprint import Blueprint

        try:
            return self._write(Blueprint.from_document(document), expected_version, also)
        except ConflictError as error:
            if error.code != "CFG-025":
                raise
        return self._write(Blueprint.from_document(document), expected_version, also)

    def restore(self, type_code: str, version: int | str, expected_version: int | None = None) -> ConfiguredType:
        """Makes what a version, or the baseline, said the next version. Raises as `document` and `save` do."""
        if expected_version is None:
            expected_version = self._configuration.blueprint(type_code).version
        return self.save(self.document(type_code, version), expected_version)

    def copy(self, type_code: str, new_code: str, label: str) -> ConfiguredType:
        """Makes a new type from another. Raises as `import_document` does."""
        row = {"code": new_code, "copy_of": type_code, "label": label}
        [made] = self._configuration.import_document({"voucher_types": [row]})
        return made

    def copy_to(
        self, type_code: str, organization_code: str, new_code: str | None = None, *, label: str = "",
        replace_existing: bool = False,
    ) -> ConfiguredType:
        """Writes a type into another organization of the user's: accounts of a role become the accounts that play
        it there, everything else is found by its code.

        Raises InvalidRequest CFG-028 for what isn't there, CFG-006 for a type that is there already and isn't to
        be replaced; ForbiddenError SEC-001; ErpdeskError ORG-001.
        """
        from erpdesk.services.carrying_blueprints import carried

        source = self._configuration.blueprint(type_code)
        kind = replace(source.voucher_type, code=new_code or source.code, label=label or source.voucher_type.label)
        if new_code not in (None, source.code):
            kind = replace(kind, shortcut="")
        blueprint, target = carried(
            self._server, self._organization, replace(source, voucher_type=kind), organization_code)
        configuration = ConfigurationService(self._server, target)
        there = configuration.blueprints().get(blueprint.code)
        if there is not None and not replace_existing:
            raise InvalidRequest((Fault(
                "CFG-006", f"{organization_code} has a voucher type {blueprint.code} already: replace it, or "
                "give the copy another code", "code"),))  # fmt: skip
        elsewhere = BlueprintVersionService(self._server, target, configuration)
        return elsewhere.save(blueprint.to_document(), there.version if there else 0)

    def _write(
        self, wanted: Blueprint, expected_version: int, also: Callable[[Connection], None] | None
    ) -> ConfiguredType:
        from erpdesk.services.saving_blueprints import refuse_without_right, saving_faults
        from erpdesk.storage.blueprint_changes import change_blueprints
        from erpdesk.storage.blueprints import insert_blueprints, read_blueprints
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            refuse_without_right(connection, self._organization)
            stored = read_blueprints(connection, self._organization.id).get(wanted.code)
            now = stored.blueprint.version if stored else 0
            if also is not None:
                also(connection)
            if stored is not None and stored.blueprint.hash == wanted.hash:
                return ConfiguredType(wanted.code, "unchanged", now)
            if now != expected_version:
                raise self._changed_meanwhile(connection, wanted, expected_version, stored)
            faults = saving_faults(connection, self._organization, (wanted,))
            if faults:
                raise InvalidRequest([
                    replace(fault, field=fault.field.removeprefix("voucher_types[0].")) for fault in faults])
            if stored is None:
                insert_blueprints(connection, self._organization.id, (replace(wanted, version=1),))
                return ConfiguredType(wanted.code, "created", 1)
            change_blueprints(connection, self._organization.id, [(stored, wanted)])
        return ConfiguredType(wanted.code, "updated", now + 1)

    def _changed_meanwhile(
        self, connection: Connection, wanted: Blueprint, expected: int, stored: StoredBlueprint | None
    ) -> ConflictError:
        """The refusal of whoever saves second, with what the other changed."""
        from erpdesk.storage.blueprint_history import read_versions

        code, now = wanted.code, stored.blueprint.version if stored else 0
        read = [read_versions(connection, self._organization.id, code, latest=1, of=one) for one in (expected, now)]
        older, newer = (kept[0] if kept else None for kept in read)
        if newer is None:
            return ConflictError("CFG-026", f"{code} isn't there any more.", details={"yours": expected, "theirs": now})
        differences = compare(older.document, newer.document) if older else ()
        return ConflictError(
            "CFG-026",
            f"{code} was saved by {newer.by} meanwhile: yours was made from version {expected}, now there is "
            f"version {now} ({in_words(differences) or 'a new type'}).",
            field="version",
            details={"yours": expected, "theirs": now, "by": newer.by, "at": newer.at.isoformat(timespec="seconds"),
                     "differences": [one.as_json() for one in differences]})  # fmt: skip

    def _shipped(self, type_code: str) -> dict[str, Any]:
        """The baseline's document with the organization's accounts."""
        from erpdesk.storage.transactions import reading

        with reading(self._server) as connection:
            shipped = shipped_blueprints(connection, self._organization)
        if type_code in shipped:
            return shipped[type_code].to_document()
        self._configuration.blueprint(type_code)
        raise ErpdeskError("CFG-027", f"{type_code} is no type of the baseline.", field="version",
                           cure="Compare it with an older version of its own.")  # fmt: skip


def _number(version: int | str) -> int:
    try:
        return int(version)
    except ValueError:
        raise ErpdeskError("CFG-027", f'"{version[:40] if isinstance(version, str) else version}" is no version: '
                           "give a number, or baseline.", field="version") from None  # fmt: skip

