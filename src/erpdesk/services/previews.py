"""Previews of files and stored vouchers: what posting each would do, one by one, against the books as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, NoDatabaseError, Refused, refused

if TYPE_CHECKING:
    from erpdesk.exchange.json_lines import ReadVoucher
    from erpdesk.posting.preview import Preview
    from erpdesk.services.vouchers import VoucherService


@dataclass(frozen=True, slots=True)
class Previewed:
    """One voucher's preview, or why there is none; `line` is where it begins in its file, 1 for a stored one."""

    line: int
    preview: Preview | None
    refusal: Refused | None = None

    @property
    def ok(self) -> bool:
        """Whether it could be posted."""
        return self.preview is not None and self.preview.ok

    def as_json(self, *, whole: bool = True) -> dict[str, Any]:
        """One result line; without `whole` only the verdict. What is wrong reads as in an import."""
        from erpdesk.services.importing import refusal_row

        row: dict[str, Any] = {"line": self.line, "ok": self.ok}
        if self.preview is None:
            assert self.refusal is not None
            return row | refusal_row(self.refusal)
        if not self.ok:
            verdict = Refused("invalid", self.preview.faults, warnings=self.preview.warnings)
            row |= refusal_row(verdict)
        shown = self.preview.as_json()
        kept = shown if whole else {key: shown[key] for key in ("type", "total", "faults", "warnings")}
        return row | {key: value for key, value in kept.items() if key != "ok"}


def previews(vouchers: VoucherService, named: str) -> Iterator[Previewed]:
    """Of every voucher in the file of that name, else of the stored voucher that it refers to. Raises
    ImportRefused when the file as a whole can't be read."""
    from erpdesk.exchange.sources import checked_file
    from erpdesk.exchange.vouchers import read_vouchers

    if not Path(named).is_file():
        yield _one(vouchers, 1, named)
        return
    for found in read_vouchers(checked_file(Path(named))):
        yield _read(vouchers, found)


def _read(vouchers: VoucherService, found: ReadVoucher) -> Previewed:
    from erpdesk.exchange.schema import voucher_schema

    if found.refusal is not None:
        return Previewed(found.line, None, refused(found.refusal))
    faults = voucher_schema().faults(found.document)
    if faults:
        return Previewed(found.line, None, Refused("invalid", faults))
    return _one(vouchers, found.line, found.document)


def _one(vouchers: VoucherService, line: int, document: Mapping[str, Any] | str) -> Previewed:
    try:
        return Previewed(line, vouchers.preview(document))
    except NoDatabaseError:
        raise
    except ErpdeskError as error:
        return Previewed(line, None, refused(error))
