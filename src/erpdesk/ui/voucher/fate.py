"""What became of an accepted voucher, shown where the next one is being typed already: nothing moves, marks change."""

from __future__ import annotations

from typing import Any

from erpdesk.domain.results import Fault, Ok
from erpdesk.ui.configured_words import say_fault
from erpdesk.ui.keys.profile import key_name
from erpdesk.ui.queue.queued import QueuedVoucher, QueueState
from erpdesk.ui.voucher.fault_places import FaultPlaces
from erpdesk.ui.voucher.sheet import VoucherSheet
from erpdesk.ui.words import say


def show_fate(voucher: QueuedVoucher, sheet: VoucherSheet, *, is_latest: bool) -> None:
    """Step marks follow the voucher accepted last; the banner tells of each, faults of the present one first."""
    if is_latest:
        _show_steps(voucher, sheet)
    told_of_present = sheet.banner.fault is not None and sheet.banner.tone == "error"
    if voucher.refusal is not None:
        chord = key_name("window", "reopen")
        sheet.banner.show_refused(_named(voucher), say("{key} reopens it", key=chord))
    elif told_of_present:
        return
    elif voucher.state is QueueState.POSTED:
        sheet.banner.show_outcome(voucher.result, say("Posted {number}", number=voucher.number))
    else:
        waits_for = getattr(voucher.result.value, "waits_for", None) or say("an approver")
        sheet.banner.show_outcome(voucher.result, say("Saved; waits for approval by {person}", person=waits_for))


def show_saved(result: Ok[Any], sheet: VoucherSheet, *, is_posted: bool) -> None:
    """A save went well; a type may post by itself what is saved."""
    sheet.mark(FaultPlaces())
    if is_posted:
        sheet.stepper.complete()
        sheet.banner.show_outcome(result, say("Posted {number}", number=result.value.voucher_number))
    else:
        sheet.stepper.saved()
        sheet.status.setText(say("Draft saved"))
        sheet.banner.show_outcome(result, say("Draft saved"))


def _show_steps(voucher: QueuedVoucher, sheet: VoucherSheet) -> None:
    if voucher.refusal is not None:
        sheet.stepper.fail(voucher.refusal.first.step, voucher.refusal.first.code)
    elif voucher.state is QueueState.POSTED:
        sheet.stepper.complete()
    else:
        sheet.stepper.saved()


def _named(voucher: QueuedVoucher) -> Fault:
    """The first fault, its sentence naming the voucher, which is no longer in sight."""
    assert voucher.refusal is not None
    fault = voucher.refusal.first
    name = ", ".join(part for part in (voucher.label, voucher.title) if part)
    return Fault(fault.code, f"{name}: {say_fault(fault)}", fault.field, fault.step, fault.details)
