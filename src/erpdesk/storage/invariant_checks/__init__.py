"""What `db verify` asks about every invariant: questions whose answers are what breaks it, best none.

They recompute from rows alone and use no function of the schema, so that a changed function can't vouch
for itself.
"""

from erpdesk.storage.invariant_checks import approvals, audit, ledger, parties, rights, rules, stock, years
from erpdesk.storage.invariant_checks.check import Check

CHECKS: tuple[Check, ...] = (*ledger.CHECKS, *stock.CHECKS, *rules.CHECKS, *rights.CHECKS, *audit.CHECKS,
                             *parties.CHECKS, *approvals.CHECKS, *years.CHECKS)

__all__ = ["CHECKS", "Check"]
