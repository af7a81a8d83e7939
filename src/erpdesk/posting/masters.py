"""The masters that one voucher refers to, as read in one go, found by the key of their code."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from erpdesk.blueprints.vocabulary import MONEY_ACCOUNT_KINDS
from erpdesk.domain.keys import code_and_name, key_of
from erpdesk.domain.money import ONE
from erpdesk.domain.pricing import ListedRate
from erpdesk.domain.results import Fault, InvalidRequest, Step
from erpdesk.storage.keys import known_id


@dataclass(frozen=True, slots=True)
class Account:
    """A ledger of the chart of accounts."""

    id: UUID
    code: str
    name: str
    kind: str
    nature: str
    is_group: bool
    is_active: bool

    def fits(self, kinds: Collection[str]) -> bool:
        """Whether a place for accounts of these kinds takes it: one of the kind, cash where bank is and the other way
        round, an asset or a liability whose kind nobody has said; any where no kind is named."""
        if not kinds or self.kind in kinds:
            return True
        if self.kind in MONEY_ACCOUNT_KINDS:
            return not MONEY_ACCOUNT_KINDS.isdisjoint(kinds)
        return self.kind == "general" and self.nature in ("asset", "liability")


@dataclass(frozen=True, slots=True)
class Party:
    """A customer or supplier; `account_id` null posts to the organization's control account."""

    id: UUID
    code: str
    name: str
    kind: str
    account_id: UUID | None
    credit_days: int | None
    is_active: bool

    @property
    def named(self) -> str:
        """What people call it: code and name."""
        return code_and_name(self.code, self.name)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A godown; its inventory account, if it has one, wins over the item's."""

    id: UUID
    code: str
    name: str
    inventory_account_id: UUID | None
    is_active: bool

    @property
    def named(self) -> str:
        """Code and name, as people are told of it."""
        return code_and_name(self.code, self.name)


@dataclass(frozen=True, slots=True)
class Bin:
    """A place within a warehouse."""

    id: UUID
    code: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class CostCentre:
    """Where a cost belongs."""

    id: UUID
    code: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit an item may be typed in: one of it is `factor` of the item's own unit."""

    id: UUID
    factor: Decimal
    decimals: int
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Item:
    """A stock item with its own unit under `uom` and every unit under `units`, accounts as far as it names them."""

    id: UUID
    code: str
    name: str
    uom: str
    decimals: int
    units: Mapping[str, Unit]
    valuation: str
    batch_policy: str | None
    negative_stock: str | None
    is_stocked: bool
    track_batch: bool
    track_serial: bool
    tax_class: str | None
    is_active: bool
    inventory_account_id: UUID | None
    cogs_account_id: UUID | None
    sales_account_id: UUID | None
    sales_return_account_id: UUID | None
    is_fixed_product: bool = False

    @property
    def named(self) -> str:
        """Code and name, as people are told of it."""
        return code_and_name(self.code, self.name)

    @property
    def by_unit(self) -> bool:
        """Whether each unit is known by itself: by serial number, or by engine and chassis number."""
        return self.track_serial or self.is_fixed_product


@dataclass(frozen=True, slots=True)
class Batch:
    """A known batch of an item."""

    id: UUID
    code: str
    expires_on: date | None
    is_active: bool
    manufactured_on: date | None = None


class Roles(dict[str, UUID]):
    """The account of each role. A plan that needs one which nobody plays is refused: InvalidRequest GL-002."""

    def __missing__(self, role: str) -> UUID:
        raise InvalidRequest((Fault("GL-002", f"No account has the role {role}", step=Step.GL),))


@dataclass(frozen=True, slots=True)
class Masters:
    """Everything one document named that exists; absent keys do not exist in this organization."""

    accounts: Mapping[str, Account]
    parties: Mapping[str, Party]
    items: Mapping[str, Item]
    warehouses: Mapping[str, Warehouse]
    cost_centres: Mapping[str, CostCentre]
    batches: Mapping[tuple[str, str], Batch]
    roles: Mapping[str, UUID]
    rates: tuple[ListedRate, ...] = ()
    last_rates: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    currency: Mapping[str, Any] | None = None
    bins: Mapping[tuple[UUID, str], Bin] = field(default_factory=dict)

    def account(self, code: str) -> Account | None:
        """The account of that code."""
        return self.accounts.get(key_of(code))

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> Masters:
        """The masters out of what the server resolved."""
        return cls(
            accounts={row["key"]: _account(row) for row in found.get("accounts") or ()},
            parties={row["key"]: _party(row) for row in found.get("parties") or ()},
            items={row["key"]: _item(row) for row in found.get("items") or ()},
            warehouses={row["key"]: _warehouse(row) for row in found.get("warehouses") or ()},
            cost_centres={
                row["key"]: CostCentre(known_id(row["id"]), row["code"], row["is_active"])
                for row in found.get("cost_centres") or ()
            },
            batches={(row["item"], row["key"]): _batch(row) for row in found.get("batches") or ()},
            roles=Roles({role: known_id(account) for role, account in (found.get("roles") or {}).items()}),
            rates=tuple(_listed(row) for row in found.get("rates") or ()),
            last_rates={
                (row["item"], row["uom"]): Decimal(row["rate"]) for row in found.get("last_rates") or ()
            },
            currency=found.get("currency"),
            bins={
                (UUID(row["warehouse_id"]), row["key"]): Bin(UUID(row["id"]), row["code"], row["is_active"])
                for row in found.get("bins") or ()
            },
        )


def _listed(row: Mapping[str, Any]) -> ListedRate:
    """A rate valid on the document's day: the server has looked at that."""
    return ListedRate(
        row["rank"],
        row["list"],
        row["currency"],
        row["item"],
        row["uom"],
        Decimal(row["rate"]),
        Decimal(row["minimum_quantity"]),
    )


def _id(text: str | None) -> UUID | None:
    return known_id(text) if text else None


def _account(row: Mapping[str, Any]) -> Account:
    return Account(known_id(row["id"]), row["code"], row["name"], row["kind"], row["nature"], row["is_group"],
                   row["is_active"])


def _party(row: Mapping[str, Any]) -> Party:
    return Party(
        known_id(row["id"]),
        row["code"],
        row["name"],
        row["kind"],
        _id(row["account_id"]),
        row["credit_days"],
        row["is_active"],
    )


def _warehouse(row: Mapping[str, Any]) -> Warehouse:
    return Warehouse(known_id(row["id"]), row["code"], row["name"], _id(row["inventory_account_id"]), row["is_active"])


def _batch(row: Mapping[str, Any]) -> Batch:
    expires, made = (
        date.fromisoformat(row[name]) if row.get(name) else None for name in ("expires_on", "manufactured_on")
    )
    return Batch(known_id(row["id"]), row["code"], expires, row["is_active"], made)


def _item(row: Mapping[str, Any]) -> Item:
    own = Unit(known_id(row["uom_id"]), ONE, row["decimals"], row.get("uom_is_active") is not False)
    others = {
        key: Unit(known_id(unit["id"]), Decimal(unit["factor"]), unit["decimals"],
                  unit.get("is_active") is not False)
        for key, unit in (row["units"] or {}).items()
    }
    return Item(
        id=known_id(row["id"]),
        code=row["code"],
        name=row["name"],
        uom=row["uom"],
        decimals=row["decimals"],
        units={**others, row["uom"]: own},
        valuation=row["valuation"],
        batch_policy=row["batch_policy"],
        negative_stock=row["negative_stock"],
        is_stocked=row["is_stocked"],
        track_batch=row["track_batch"],
        track_serial=row["track_serial"],
        tax_class=row["tax_class"],
        is_active=row["is_active"],
        inventory_account_id=_id(row["inventory_account_id"]),
        cogs_account_id=_id(row["cogs_account_id"]),
        sales_account_id=_id(row["sales_account_id"]),
        sales_return_account_id=_id(row["sales_return_account_id"]),
        is_fixed_product=bool(row.get("is_fixed_product")),
    )
