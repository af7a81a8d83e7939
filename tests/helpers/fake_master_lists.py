"""Lists of masters in memory, for windows that open them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from erpdesk.blueprints.master_forms import master_forms
from erpdesk.services.master_pages import ManyChanged, MasterPage, MasterQuestion, MasterRow


class FakeMasterLists:
    """The masters of the desk in the order of their codes, on one page."""

    def __init__(self, masters: Any, off_the_main_thread: Callable[[], None]) -> None:
        self._masters, self._off_the_main_thread = masters, off_the_main_thread

    def first(self, question: MasterQuestion, limit: int = 200) -> MasterPage:
        return MasterPage(self.everything(question), False, False)

    last = first

    def after(self, question: MasterQuestion, place: Any, limit: int = 200) -> MasterPage:
        return MasterPage((), True, False)

    before = around = after

    def how_many(self, question: MasterQuestion) -> int:
        return len(self.everything(question))

    def everything(self, question: MasterQuestion) -> tuple[MasterRow, ...]:
        self._off_the_main_thread()
        form = master_forms()[question.kind]
        return tuple(MasterRow(row.code, "", row.active, {form.code_key: row.code, "name": row.name, **row.attributes},
                               ("", row.code)) for row in self._masters.kept.get(question.kind, ()))

    def names(self, question: MasterQuestion) -> tuple[tuple[str, str], ...]:
        return tuple(row.name for row in self.everything(question))

    def users(self, kind: str, code: str, owner: str = "") -> tuple[str, ...]:
        return ()

    def delete(self, kind: str, code: str, owner: str = "") -> None:
        self._masters.kept[kind] = tuple(row for row in self._masters.kept[kind] if row.code != code)

    def change_many(self, kind: str, names: Sequence[tuple[str, str]], key: str, value: Any) -> ManyChanged:
        return ManyChanged(len(names), 0)


class FakeMasterFiles:
    """No files at all."""

    def written(self, question: MasterQuestion, file_format: str) -> bytes:
        return f"{question.kind} as {file_format}".encode()

    def preview(self, kind: str, path: Any) -> tuple[Any, ...]:
        return ()

    bring_in = preview
