"""The audit trail lists every change of state, by whom and when, in the order in which they were recorded."""

from __future__ import annotations

from erpdesk.domain.results import ForbiddenError
from erpdesk.reports.filters import Filters, voucher_of
from erpdesk.reports.report import Report, count, text
from erpdesk.storage.report_queries import Heading, Reading
from erpdesk.storage.report_queries import audit as queries

COLUMNS = (count("sequence", "Entry"), text("happened_at", "Time"), text("actor", "User"), text("action", "Action"),
           text("object_type", "What"), text("object", "Which"), text("step", "Step"),
           text("correlation_id", "Correlation"), text("seal", "Seal"))


def audit(reading: Reading, heading: Heading, filters: Filters) -> Report:
    """All entries, or those of some days, of a voucher, or the newest `limit`. `seal` is the number of the link of the
    chain that holds the entry, empty until it is sealed. Raises ForbiddenError SEC-001, RPT-005, RPT-006."""
    if not queries.may_view_audit(reading):
        raise ForbiddenError("SEC-001", f"You may not see the audit trail of {heading.code}",
                             cure="Ask the administrator for the permission audit.view.")
    voucher = voucher_of(reading, filters.voucher, "voucher").id if filters.voucher else None
    lines = queries.audit_lines(reading, filters.since, filters.until, voucher, filters.limit)
    rows = tuple({
        "sequence": str(line.sequence), "happened_at": line.happened_at.isoformat(" ", "seconds"), "actor": line.actor,
        "action": line.action, "object_type": line.object_type, "object": line.voucher_number or line.object_id,
        "step": line.step, "correlation_id": str(line.correlation_id or ""),
        "seal": "" if line.seal is None else str(line.seal)} for line in lines)
    totals = {"entries": str(len(rows)), "unsealed": str(sum(1 for line in lines if line.seal is None))}
    return Report("audit", heading.code, filters.until or heading.today, COLUMNS, rows, totals)
