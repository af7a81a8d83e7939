"""Masters as files: written as a masters document or a table, looked at before they are brought in, brought in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.exchange import json_text, master_tables
from erpdesk.exchange.sources import whole_text
from erpdesk.services.master_lists import check_rights, form_of
from erpdesk.services.master_pages import MasterQuestion

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.services.master_lists import MasterListService
    from erpdesk.services.masters import MasterResult, MasterService
    from erpdesk.storage.server import Server

JSON = "json"
FORMATS = (JSON, *master_tables.TABLES)


class MasterFileService:
    """Files of masters of one organization. Thread-safe. Raises ForbiddenError SEC-001, ImportRefused."""

    def __init__(self, server: Server, organization: OrganizationInfo, masters: MasterService,
                 lists: MasterListService) -> None:
        self._server, self._organization = server, organization
        self._masters, self._lists = masters, lists

    def written(self, question: MasterQuestion, file_format: str) -> bytes:
        """The masters of a question as a file of a format of `FORMATS`."""
        from erpdesk.storage.facts import read_today

        form, _ = form_of(question.kind)
        masters = self._whole(question)
        if file_format == JSON:
            return _json(master_tables.document_of(form, masters))
        return master_tables.table_bytes(form, masters, self._organization.code, read_today(self._server), file_format)

    def document(self, kinds: Iterable[str] = ()) -> bytes:
        """The masters of these kinds, else of all that a document may hold, as one masters document."""
        whole: dict[str, list[dict[str, Any]]] = {}
        for kind in kinds or [kind for kind, form in master_forms().items() if not form.is_kept]:
            form, _ = form_of(kind)
            for section, objects in master_tables.document_of(form, self._whole(MasterQuestion(kind))).items():
                known = whole.setdefault(section, [])
                known += [one for one in objects if one not in known] if known else objects
        return _json(whole)

    def preview(self, kind: str, path: Path) -> Sequence[MasterResult]:
        """What would become of each master of a file; nothing is written."""
        return self._masters.import_masters(self._read(kind, path), rehearse=True)

    def bring_in(self, kind: str, path: Path) -> Sequence[MasterResult]:
        """Create or change the masters of a file; one result each."""
        return self._masters.import_masters(self._read(kind, path))

    def _read(self, kind: str, path: Path) -> Any:
        """A document by its content, whatever its name ends with."""
        form, _ = form_of(kind)
        if path.suffix.lower() == f".{JSON}":
            return json_text.parse(whole_text(path))
        return master_tables.read_table(form, path)

    def _whole(self, question: MasterQuestion) -> list[Mapping[str, Any]]:
        from erpdesk.storage.master_pages import Wanted, read_page
        from erpdesk.storage.master_reading import ID, plain_values, read_parts
        from erpdesk.storage.transactions import reading

        form, section = form_of(question.kind)
        organization = self._organization.id
        wanted = Wanted(question.text.strip(), {"active": True, "inactive": False}.get(question.state),
                        {key: value for key, value in question.values.items() if value})
        with reading(self._server) as connection:
            check_rights(connection, organization, form.permission)
            rows = read_page(connection, organization, section, wanted, None, None)
            ids = [row[ID] for row in rows]
            parts = {part.key: read_parts(connection, organization, section, part.key, ids) for part in form.parts}
        return [{**plain_values(row), **{key: found[row[ID]] for key, found in parts.items() if row[ID] in found}}
                for row in rows]


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
