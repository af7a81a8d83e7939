"""The days of a batch as a line that brings goods in says them: when it was made, when it expires.

They are those of a new batch; of a batch that is known they say again what it has, or contradict it. Nothing typed is
dropped without a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import Fault, Step
from erpdesk.posting.masters import Batch, Item
from erpdesk.posting.references import text_of
from erpdesk.posting.resolved import NewBatch

if TYPE_CHECKING:
    from erpdesk.posting.reader import DocumentReader

_NAMES = ("manufactured", "expires")


def typed_days(row: Mapping[str, Any]) -> dict[str, date]:
    """The days that a row says, by field."""
    said = {name: text_of(row.get(name)) for name in _NAMES}
    return {name: date.fromisoformat(day) for name, day in said.items() if day}


def refuse_days(reader: DocumentReader, item: Item, row: Mapping[str, Any], path: str) -> None:
    """Days on a line that names no batch: there is nothing that could have them."""
    said = f"{item.named} is kept by batch: name the batch received"
    for name in typed_days(row):
        place = f"{path}.batch" if item.track_batch else f"{path}.{name}"
        if not any(fault.field == place for fault in reader.faults):
            message = said if item.track_batch else f"{item.named} is not kept by batch"
            reader.fault("INV-007", message, place, Step.INVENTORY)


def check_days(
    reader: DocumentReader, item: Item, batch: Batch | NewBatch, row: Mapping[str, Any], path: str
) -> Batch | NewBatch:
    """The batch of a line, with the days typed there if it comes into being and has none yet."""
    typed = typed_days(row)
    too_early = f"Batch {batch.code} of {item.named} would expire before it was manufactured"
    if len(typed) == len(_NAMES) and typed["expires"] < typed["manufactured"]:
        _refuse(reader, too_early, f"{path}.expires")
        return batch
    for name, day in typed.items():
        known = batch.expires_on if name == "expires" else batch.manufactured_on
        if known is not None and known != day:
            said = (f"Batch {batch.code} of {item.named} expires on {known}, not on {day}" if name == "expires"
                    else f"Batch {batch.code} of {item.named} was manufactured on {known}, not on {day}")  # fmt: skip
            _refuse(reader, said, f"{path}.{name}")
        elif known is None and isinstance(batch, NewBatch):
            batch = replace(batch, expires_on=day) if name == "expires" else replace(batch, manufactured_on=day)
        elif known is None:
            said = f"Batch {batch.code} of {item.named} has no such day yet; {day} is not kept: type it in the batch"
            reader.warnings.append(Fault("INV-009", said, f"{path}.{name}", Step.INVENTORY))
    made, ends = batch.manufactured_on, batch.expires_on
    if isinstance(batch, NewBatch) and made is not None and ends is not None and ends < made:
        _refuse(reader, too_early, f"{path}.expires")
    return batch


def _refuse(reader: DocumentReader, message: str, place: str) -> None:
    reader.fault("INV-009", message, place, Step.INVENTORY)
