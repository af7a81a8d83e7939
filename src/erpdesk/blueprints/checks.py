"""Whether the rows of one type make sense together; each rule a small check, all faults at once.

The form they turn into is checked by `form_checks`; what needs the database (does the ledger exist?) is left
to whoever saves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from itertools import combinations

from erpdesk.blueprints import vocabulary as v
from erpdesk.blueprints.blueprint_rows import BlueprintRows, is_own_series
from erpdesk.blueprints.charge_lines import NEEDS_GOODS, ChargeLines, charge_lines
from erpdesk.blueprints.codec import encode
from erpdesk.blueprints.faults import Cfg, FaultList, joined
from erpdesk.blueprints.form_checks import check_form
from erpdesk.blueprints.numbering import (
    LENGTH_LIMITS,
    MAX_LENGTH,
    TOKENS,
    may_print_the_same,
    printed_length,
    template_fault,
)
from erpdesk.blueprints.rows import ChargeSetup, NumberSeries, VoucherType
from erpdesk.blueprints.vocabulary import MAIN_SERIES

Check = Callable[[BlueprintRows, str, FaultList], None]
TYPE_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
FIELD_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
SHORTCUT = re.compile(r"(?=.*(?:Ctrl|Alt)\+|(?:Shift\+)?F[0-9])"
                      r"(?:(?:Ctrl|Alt|Shift)\+){0,3}(?:F[1-9]|F1[0-2]|[A-Z0-9])")
CHARGE_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,19}")


def check_blueprint(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """Every check, in order; the form is looked at only if the rows it is made of are sound."""
    before = len(faults.found)
    for check in CHECKS:
        check(blueprint, path, faults)
    if len(faults.found) == before:
        check_form(blueprint, path, faults)


def check_codes(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """Codes and keys have their form, and none is there twice."""
    _form(blueprint.code, TYPE_CODE, joined(path, "code"), faults)
    shortcut = blueprint.voucher_type.shortcut
    if shortcut and not SHORTCUT.fullmatch(shortcut):
        faults.add(Cfg.WRONG_FORM, joined(path, "shortcut"), f"{joined(path, 'shortcut')}: {shortcut[:40]!r} is no key "
                   "like F8, Shift+F8 or Ctrl+Alt+S")
    for position, charge in enumerate(blueprint.charges):
        _form(charge.code, CHARGE_CODE, joined(joined(joined(path, "charges"), position), "code"), faults)
    for position, row in enumerate(blueprint.udfs):
        _form(row.key, FIELD_KEY, joined(joined(joined(path, "udfs"), position), "key"), faults)
    _labelled(path, "charges", (charge.label for charge in blueprint.charges), faults)
    _labelled(path, "udfs", (row.label for row in blueprint.udfs), faults)
    _once(path, "charges", (charge.code for charge in blueprint.charges), faults)
    _once(path, "udfs", ((row.scope, row.key) for row in blueprint.udfs), faults)
    _once(path, "field_rules", ((row.field, row.scope, row.scope_value, row.condition)
                                for row in blueprint.field_rules), faults)
    _once(path, "series", ((row.code, row.branch, row.valid_from) for row in blueprint.series), faults)
    override = blueprint.voucher_type.schema_definition
    if override is not None:
        inner = joined(path, "schema_definition")
        _once(inner, "header_fields", (one.key for one in override.header_fields), faults)
        _once(inner, "line_fields", ((one.grid, one.key) for one in override.line_fields), faults)
        _once(inner, "charges", (one.code for one in override.charges), faults)
    if blueprint.version < 1:
        faults.add(Cfg.OUT_OF_RANGE, joined(path, "version"), "version begins at 1")


def _form(code: str, form: re.Pattern[str], path: str, faults: FaultList) -> None:
    if not form.fullmatch(code):
        shown = code if len(code) <= 60 else code[:59] + "…"
        faults.add(Cfg.WRONG_FORM, path, f"{path}: {shown!r} must have the form {form.pattern}")


def _labelled(path: str, part: str, labels: Iterable[str], faults: FaultList) -> None:
    for position, label in enumerate(labels):
        if not label.strip():
            place = joined(joined(joined(path, part), position), "label")
            faults.add(Cfg.CONTRADICTION, place, f"{place}: label must not be blank")


def _once(path: str, part: str, keys: Iterable[Hashable], faults: FaultList) -> None:
    seen: set[Hashable] = set()
    for position, key in enumerate(keys):
        if key in seen:
            place = joined(joined(path, part), position)
            faults.add(Cfg.DUPLICATE, place, f"{place}: {_said(key)} is there twice")
        seen.add(key)


def _said(key: Hashable) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _closes(kind: VoucherType) -> bool:
    """Whether a type can be what closing a year makes."""
    return (kind.grid_kind is v.GridKind.LEDGER_DR_CR and kind.affects_gl and not kind.is_active
            and kind.header_counterpart is v.HeaderCounterpart.NONE and not kind.requires_approval
            and kind.numbering_method is v.NumberingMethod.AUTO)


def _buys(kind: VoucherType) -> bool:
    """Whether a type brings in goods that a party delivers or bills."""
    return (kind.stock_direction is v.StockDirection.IN and kind.goods_role is v.GoodsRole.INVENTORY
            and not kind.is_return and (kind.counterpart_role is v.CounterpartRole.GRIR
                                        or kind.header_counterpart is v.HeaderCounterpart.PARTY))


def _cost_source(blueprint: BlueprintRows) -> v.CostSource:
    """Where the cost of what the type moves comes from: there is no choice, the column says it."""
    kind = blueprint.voucher_type
    if kind.is_return:
        return v.CostSource.SOURCE
    return v.CostSource.DOCUMENT if kind.stock_direction is v.StockDirection.IN else v.CostSource.LAYERS


CONTRADICTIONS: tuple[tuple[str, str, Callable[[BlueprintRows], bool]], ...] = (
    ("label", "label must not be blank", lambda b: not b.voucher_type.label.strip()),
    ("ref_no_label", "a reference that is shown needs a label",
     lambda b: b.voucher_type.use_ref_no and not b.voucher_type.ref_no_label.strip()),
    ("party_required", "a party can't be required where none is shown",
     lambda b: b.voucher_type.party_required and b.voucher_type.party_kind is v.PartyKind.NONE),
    ("header_counterpart", "posting against the party needs a party that is required",
     lambda b: b.voucher_type.header_counterpart is v.HeaderCounterpart.PARTY
     and not b.voucher_type.party_required and not b.voucher_type.capitalises),
    ("counterpart_role", "header_counterpart role needs a counterpart_role",
     lambda b: b.voucher_type.header_counterpart is v.HeaderCounterpart.ROLE
     and b.voucher_type.counterpart_role is v.CounterpartRole.NONE),
    ("counterpart_role", "a type that closes years to retained_earnings is never typed: ledger_dr_cr without a header"
     " counterpart, numbered by its series, not active, without approval",
     lambda b: b.voucher_type.counterpart_role is v.CounterpartRole.RETAINED_EARNINGS and not _closes(b.voucher_type)),
    ("header_side", "a header counterpart needs a side, and a side a counterpart",
     lambda b: (b.voucher_type.header_counterpart is v.HeaderCounterpart.NONE)
     != (b.voucher_type.header_side is v.HeaderSide.NONE)),
    ("stock_direction", "a type that affects inventory needs a stock direction or capitalises cost",
     lambda b: b.voucher_type.affects_inventory and not b.voucher_type.capitalises
     and b.voucher_type.stock_direction is v.StockDirection.NONE),
    ("stock_direction", "a stock direction needs affects_inventory, or reserves_stock",
     lambda b: b.voucher_type.stock_direction is not v.StockDirection.NONE
     and not b.voucher_type.affects_inventory and not b.voucher_type.reserves_stock),
    ("grid_kind", "stock moves only in a grid of items",
     lambda b: b.voucher_type.stock_direction is not v.StockDirection.NONE
     and b.voucher_type.grid_kind not in (v.GridKind.ITEMS, v.GridKind.ITEMS_DUAL)),
    ("grid_kind", "items_dual is for transfers and stock journals",
     lambda b: b.voucher_type.grid_kind is v.GridKind.ITEMS_DUAL
     and b.voucher_type.stock_direction not in (v.StockDirection.TRANSFER, v.StockDirection.JOURNAL)),
    ("grid_kind", "a transfer needs items_dual",
     lambda b: b.voucher_type.stock_direction is v.StockDirection.TRANSFER
     and b.voucher_type.grid_kind is not v.GridKind.ITEMS_DUAL),
    ("settles", "settling needs grid_kind allocation, a settlement side and a party, and the other way round",
     lambda b: b.voucher_type.settles != (b.voucher_type.grid_kind is v.GridKind.ALLOCATION)
     or (b.voucher_type.settles and (b.voucher_type.settlement_side is v.SettlementSide.NONE
                                     or not b.voucher_type.party_required))),
    ("cost_source", "cost comes from the source of what is returned, else the document of what comes in, else "
     "the layers taken", lambda b: b.voucher_type.affects_inventory and not b.voucher_type.capitalises
     and b.voucher_type.cost_source is not _cost_source(b)),
    ("affects_gl", "goods that come in or go out are journalled: their accounts follow the stock",
     lambda b: b.voucher_type.affects_inventory and not b.voucher_type.affects_gl
     and b.voucher_type.stock_direction in (v.StockDirection.IN, v.StockDirection.OUT)),
    ("opening", "opening figures stand against the opening difference",
     lambda b: b.voucher_type.opening
     and b.voucher_type.counterpart_role is not v.CounterpartRole.OPENING_DIFFERENCE),
    ("use_grir", "goods that stand on GR/IR, counterpart_role grir, go through it",
     lambda b: b.voucher_type.counterpart_role is v.CounterpartRole.GRIR and not b.voucher_type.use_grir),
    ("use_grir", "only goods that are bought go through GR/IR: they come into stock from a receipt, or owed"
     " to a party", lambda b: b.voucher_type.use_grir and not _buys(b.voucher_type)),
    ("source_kinds", "naming a source needs source_kinds",
     lambda b: b.voucher_type.source_use is not v.SourceUse.NONE and not b.voucher_type.source_kinds),
    ("cost_source", "cost from a source needs a type that names one",
     lambda b: b.voucher_type.cost_source is v.CostSource.SOURCE
     and b.voucher_type.source_use is v.SourceUse.NONE),
    ("cost_source", "a type that moves stock needs a cost source",
     lambda b: b.voucher_type.affects_inventory and not b.voucher_type.capitalises
     and b.voucher_type.cost_source is v.CostSource.NONE),
    ("round_to", "round_to must be above zero",
     lambda b: b.voucher_type.round_to is not None and b.voucher_type.round_to <= 0),
    ("loyalty_rate", "loyalty_rate must not be below zero",
     lambda b: b.voucher_type.loyalty_rate is not None and b.voucher_type.loyalty_rate < 0),
    ("narration_templates", "a narration template must not be blank",
     lambda b: any(not template.strip() for template in b.voucher_type.narration_templates)),
    ("lines.rate_editable", "a rate that can't be edited needs a rate source",
     lambda b: not b.lines.rate_editable and b.lines.rate_source is v.RateSource.MANUAL),
)


def check_contradictions(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """Columns that deny one another."""
    for column, why, broken in CONTRADICTIONS:
        if broken(blueprint):
            faults.add(Cfg.CONTRADICTION, joined(path, column), f"{joined(path, column)}: {why}")


def check_batch_rule(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """Decision 30: produced batches that nobody may type need a rule that names them."""
    kind, lines = blueprint.voucher_type, blueprint.lines
    produces = kind.stock_direction is v.StockDirection.JOURNAL and not kind.counts_stock
    template = joined(joined(path, "lines"), "batch_number_template")
    if produces and not lines.allow_batch_in_stock_journal and not lines.batch_number_template:
        faults.add(Cfg.BATCH_RULE, template, f"{template} must be given: batches of produced goods can't be "
                   "typed while allow_batch_in_stock_journal is off")
    wrong = template_fault(lines.batch_number_template)
    if wrong:
        faults.add(Cfg.BAD_TEMPLATE, template, f"{template}: {wrong}")


def check_charges(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """Each charge has its figure, its place in the ledger, and a base of earlier charges."""
    earlier: set[str] = set()
    in_order = sorted(enumerate(blueprint.charges), key=lambda found: found[1].sequence)
    for position, charge in in_order:
        place = joined(joined(path, "charges"), position)
        _check_figure(charge, place, faults)
        _check_place(charge, place, faults)
        _check_grid(blueprint, charge, place, faults)
        if charge.base == ():
            faults.add(Cfg.CHARGE_FIGURE, joined(place, "base"), f"{charge.code} is based on no charge at all")
        if not isinstance(charge.base, v.ChargeBase):
            for number, code in enumerate(charge.base):
                if code not in earlier:
                    faults.add(Cfg.UNKNOWN_REFERENCE, joined(joined(place, "base"), number),
                               f"{charge.code} is based on {code}, which is no earlier charge")
        earlier.add(charge.code)


def _check_grid(blueprint: BlueprintRows, charge: ChargeSetup, place: str, faults: FaultList) -> None:
    """The lines of the type come to something that a charge can be taken of; what needs goods has goods."""
    kind = blueprint.voucher_type
    lines = charge_lines(kind.grid_kind, capitalises=kind.capitalises, settles=kind.settles,
                         counts_stock=kind.counts_stock)
    if lines is ChargeLines.NOTHING:
        faults.add(Cfg.CHARGE_PLACE, place, f"{charge.code}: the lines of this type come to no total that charges could"
                   " be added to; charges are for items and for amounts on accounts")
    elif lines is ChargeLines.AMOUNTS:
        for name in (name for name, needs in NEEDS_GOODS.items() if needs(getattr(charge, name))):
            faults.add(Cfg.CHARGE_PLACE, joined(place, name), f"{charge.code}: {name} is for items; the lines of this"
                       " type are amounts on accounts")


def _check_figure(charge: ChargeSetup, place: str, faults: FaultList) -> None:
    """Decision 15: a rate charge has a rate and no amount, an amount charge no rate."""
    if charge.calculation_type is v.CalculationType.RATE:
        if charge.rate is None or charge.amount is not None:
            faults.add(Cfg.CHARGE_FIGURE, joined(place, "rate"), f"{charge.code} is computed by rate: "
                       "it needs a rate and takes no amount")
    elif charge.rate is not None:
        faults.add(Cfg.CHARGE_FIGURE, joined(place, "rate"), f"{charge.code} is an amount: it takes no rate")
    for name in ("rate", "amount"):
        figure = getattr(charge, name)
        if figure is not None and figure < 0:
            faults.add(Cfg.OUT_OF_RANGE, joined(place, name), f"{charge.code}: {name} must not be below zero;"
                       " use direction deduct")
    if charge.round_to is not None and charge.round_to <= 0:
        faults.add(Cfg.OUT_OF_RANGE, joined(place, "round_to"),
                   f"{charge.code}: round_to must be above zero")


def _check_place(charge: ChargeSetup, place: str, faults: FaultList) -> None:
    """What a charge adds for the party, or to cost, must be credited (or debited) somewhere."""
    to_cost = charge.allocate_to_cost is not v.AllocateToCost.NONE
    outside = not (charge.included_in_total or charge.included_in_price)
    if outside and charge.contra_account is None and not (to_cost and charge.ledger):
        faults.add(Cfg.CHARGE_PLACE, place, f"{charge.code} is outside the total: it must be allocated to"
                   " cost and name a ledger, or name a contra_account")
    elif not outside and not to_cost and charge.ledger is None:
        faults.add(Cfg.CHARGE_PLACE, joined(place, "ledger"), f"{charge.code} needs a ledger, or must be "
                   "allocated to cost")
    if charge.cost_only and (charge.included_in_total or not to_cost):
        faults.add(Cfg.CONTRADICTION, joined(place, "cost_only"), f"{charge.code}: a charge that is cost only"
                   " is allocated to cost and not included in the total")
    if charge.included_in_price and (charge.included_in_total
                                     or charge.calculation_type is v.CalculationType.AMOUNT):
        faults.add(Cfg.CONTRADICTION, joined(place, "included_in_price"), f"{charge.code}: a tax inside the "
                   "price is a rate and not added to the total")


def check_numbering(blueprint: BlueprintRows, path: str, faults: FaultList, *, country: str = "",
                    branch_length: int = TOKENS["BRANCH"]) -> None:
    """Templates are sound, numbers short enough, and no two series can print the same one (decision 76)."""
    rows = list(enumerate(blueprint.numbering(), start=-1))
    limit = LENGTH_LIMITS.get(country, MAX_LENGTH)
    sound = []
    for position, series in rows:
        if position >= 0 and is_own_series(encode(series)):
            place = joined(joined(path, "series"), position)
            faults.add(Cfg.DUPLICATE, place, f"{place}: {MAIN_SERIES} without date and branch is what the "
                       "type's own numbering columns say")
            continue
        if not _check_series(series, position, path, faults):
            continue
        sound.append((position, series))
        length = printed_length(series, branch_length)
        if length > limit:
            faults.add(Cfg.NUMBER_TOO_LONG, _series_path(path, position, "prefix"), f"a number of series "
                       f"{series.code} has {length} characters; {limit} are allowed")
    for (_, one), (position, other) in combinations(sound, 2):
        same_series = one.code == other.code and one.branch == other.branch
        if one.is_active and other.is_active and not same_series and may_print_the_same(one, other):
            faults.add(Cfg.SAME_NUMBER, _series_path(path, position, "prefix"), f"series {one.code} and "
                       f"{other.code} could print the same number")


def _check_series(series: NumberSeries, position: int, path: str, faults: FaultList) -> bool:
    before = len(faults.found)
    for name in ("prefix", "suffix"):
        wrong = template_fault(getattr(series, name))
        if wrong:
            place = _series_path(path, position, name)
            faults.add(Cfg.BAD_TEMPLATE, place, f"{place}: {wrong}")
    text = series.prefix + series.suffix
    if series.restart is v.NumberRestart.MONTH and "{MM}" not in text:
        faults.add(Cfg.SAME_NUMBER, _series_path(path, position, "restart"), "a series that restarts each"
                   " month prints the same number again unless {MM} stands in it")
    if series.per_branch and series.branch is None and "{BRANCH}" not in text:
        faults.add(Cfg.SAME_NUMBER, _series_path(path, position, "per_branch"), "a series that runs by branch"
                   " prints the same number in each unless {BRANCH} stands in it")
    return len(faults.found) == before


def _series_path(path: str, position: int, name: str) -> str:
    """The type's own columns have other names than the rows of `series`."""
    if position < 0:
        return joined(path, f"number_{name}")
    return joined(joined(joined(path, "series"), position), name)


def check_people(blueprint: BlueprintRows, path: str, faults: FaultList) -> None:
    """An approval level is a role's or a user's; a rule for a branch, role or user says which."""
    for position, row in enumerate(blueprint.approval):
        if bool(row.role) == bool(row.user_name):
            place = joined(joined(path, "approval"), position)
            faults.add(Cfg.APPROVER, place, f"{place} must name a role or a user, not both")
        elif row.role and row.role not in v.ROLES:
            place = joined(joined(joined(path, "approval"), position), "role")
            faults.add(Cfg.APPROVER, place, f"{place}: there is no role {row.role}; there are {', '.join(v.ROLES)}")
    for position, rule in enumerate(blueprint.field_rules):
        everybody = rule.scope in (v.RuleScope.STANDARD, v.RuleScope.ORGANIZATION)
        if everybody != (rule.scope_value == ""):
            place = joined(joined(joined(path, "field_rules"), position), "scope_value")
            faults.add(Cfg.COLUMN_PAIR, place, f"{place}: a rule for a {rule.scope} names none" if everybody
                       else f"{place}: a rule for a {rule.scope} must say which")


CHECKS: tuple[Check, ...] = (
    check_codes, check_contradictions, check_batch_rule, check_charges, check_numbering, check_people,
)
