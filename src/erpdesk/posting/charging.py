"""The charges of a voucher: rows of its blueprint, with what the document says of them, as rules to compute.

Charges that the document does not name apply as configured, unless it says `auto_charges: false`. A charge
that may not be edited is computed whatever was sent; a different figure sent for it is a fault.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from erpdesk.blueprints.blueprint import Blueprint
from erpdesk.blueprints.rows import ChargeSetup
from erpdesk.blueprints.vocabulary import AllocateToCost, ChargeDirection, ChargeRounding
from erpdesk.domain.charges import ChargeFigures, ChargeRule
from erpdesk.domain.keys import key_of
from erpdesk.domain.money import ZERO, parse_decimal, plain
from erpdesk.domain.results import Fault
from erpdesk.posting.references import rows_of


def charge_rules(blueprint: Blueprint, document: Mapping[str, Any]) -> tuple[ChargeRule, ...]:
    """The charges that apply to this document, in sequence; its own figures where it may give them."""
    typed = {key_of(str(row.get("code", ""))): row for row in rows_of(document, "charges")}
    automatic = document.get("auto_charges", True) is not False
    lines = list(rows_of(document, "lines"))
    rules = []
    for setup in blueprint.charges:
        named = typed.get(key_of(setup.code))
        if not setup.is_active or (named is None and not automatic):
            continue
        if setup.applies_when is not None and not setup.applies_when.holds(document.get):
            continue
        rules.append(_rule(setup, named or {}, lines))
    return tuple(rules)


def _rule(setup: ChargeSetup, typed: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> ChargeRule:
    amount, rate = setup.amount, setup.rate
    if setup.can_edit:
        given_amount, given_rate = _figure(typed.get("amount")), _figure(typed.get("rate"))
        if given_amount is not None:
            amount, rate = given_amount, None
        elif given_rate is not None:
            amount, rate = None, given_rate
    if rate is None and amount is None:
        amount = ZERO
    return ChargeRule(
        code=setup.code,
        label=setup.label,
        base=_base(setup),
        deduct=setup.direction is ChargeDirection.DEDUCT,
        rate=rate,
        amount=amount if rate is None else None,
        included_in_total=setup.included_in_total,
        included_in_price=setup.included_in_price,
        per_line=setup.rounding is ChargeRounding.PER_LINE,
        round_to=setup.round_to,
        tax_class=setup.tax_class,
        allocate_by="none" if setup.allocate_to_cost is AllocateToCost.NONE else str(setup.allocate_to_cost),
        line_rates=_line_rates(setup, lines) if rate is not None and setup.can_edit else (),
    )


def _base(setup: ChargeSetup) -> str | tuple[str, ...]:
    return setup.base if isinstance(setup.base, tuple) else str(setup.base)


def _line_rates(setup: ChargeSetup, lines: Sequence[Mapping[str, Any]]) -> tuple[Decimal | None, ...]:
    own = [_figure((line.get("charge_rates") or {}).get(setup.code)) for line in lines]
    return tuple(own) if any(rate is not None for rate in own) else ()


def _figure(value: Any) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return parse_decimal(value) if isinstance(value, str) else None


def charge_faults(
    blueprint: Blueprint, document: Mapping[str, Any], charges: Sequence[ChargeFigures], decimals: int
) -> list[Fault]:
    """Charges unknown or named twice, figures sent for those that may not be edited, deductions above their base."""
    setups = {key_of(setup.code): setup for setup in blueprint.charges if setup.is_active}
    computed = {key_of(charge.rule.code): charge for charge in charges}
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows_of(document, "charges")):
        path, key = f"charges[{number}]", key_of(str(row.get("code", "")))
        setup = setups.get(key)
        if setup is None:
            faults.append(
                Fault("VCH-004", f"There is no charge {row.get('code')} on this voucher type", f"{path}.code")
            )
            continue
        if key in seen:
            faults.append(Fault("VCH-004", f"{setup.label} stands on line {seen[key]} already", f"{path}.code"))
        seen.setdefault(key, number + 1)
        charge = computed.get(key)
        for name, correct in (("amount", charge.amount if charge else ZERO), ("rate", setup.rate)):
            given = _figure(row.get(name))
            if given is not None and not setup.can_edit and given != correct:
                faults.append(
                    Fault(
                        "VCH-008",
                        f"{setup.label} is computed and can't be typed: "
                        f"{plain(correct or ZERO)}, not {plain(given)}",
                        f"{path}.{name}",
                    )
                )
        given = _figure(row.get("amount"))
        if given is not None and (given < 0 or given != round(given, decimals)):
            faults.append(
                Fault(
                    "VCH-004",
                    f"{setup.label} must be money with at most {decimals} decimals, not negative",
                    f"{path}.amount",
                )
            )
    faults += [
        Fault(
            "VCH-009",
            f"{charge.rule.label} of {plain(charge.amount)} is more than the "
            f"{plain(max(charge.base, ZERO))} it is taken from",
            "charges",
        )
        for charge in charges
        if charge.exceeds_base
    ]
    return faults
