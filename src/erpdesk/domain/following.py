"""Following another voucher: why one can't be followed, in the same words at posting and while its number is typed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from erpdesk.domain.keys import key_of
from erpdesk.domain.results import Fault

POSTED = "POSTED"


class Followed(Protocol):
    """A voucher that another names."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def status(self) -> str:
        """How it stands."""

    @property
    def kind(self) -> str:
        """What it is to those that follow it."""

    @property
    def party(self) -> str:
        """The key of whose it is; empty: nobody's."""

    @property
    def party_name(self) -> str:
        """Whose it is, as people are told."""


def no_voucher(reference: str, place: str) -> Fault:
    """A number that no voucher has."""
    return Fault("VCH-005", f"There is no voucher {reference[:80]}", place)


def not_posted(name: str, status: str, place: str) -> Fault:
    """A voucher that doesn't stand."""
    return Fault("VCH-020", f"{name} is {status}, not posted", place)


def other_kind(name: str, place: str) -> Fault:
    """A voucher of a kind that isn't followed here."""
    return Fault("VCH-021", f"{name} is not a document that this voucher can follow", place)


def other_party(name: str, owner: str, place: str) -> Fault:
    """A voucher with somebody else."""
    return Fault("VCH-020", f"{name} belongs to {owner}, another party", place)


def following_fault(
    reference: str, found: Followed | None, kinds: Collection[str], place: str, party: str = ""
) -> Fault | None:
    """Why a voucher can't be followed by one that takes these kinds (none: any) and is with the party of this code
    (empty: with none, or not to be asked)."""
    if found is None:
        return no_voucher(reference, place)
    if found.status != POSTED:
        return not_posted(found.name, found.status, place)
    if kinds and found.kind not in kinds:
        return other_kind(found.name, place)
    if party and found.party and key_of(party) != found.party:
        return other_party(found.name, found.party_name, place)
    return None
