"""A condition being built: the same tree as `blueprints.conditions`, but one that changes, and may be unfinished.

A node knows how many times `not` stands before it, so that every condition comes back exactly as it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from erpdesk.blueprints.conditions import (
    MAX_DEPTH,
    MAX_PARTS,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Constant,
    FieldReference,
    NotOf,
    Operator,
)


class Gap(Enum):
    """What isn't chosen yet."""

    OPEN = "open"


OPEN = Gap.OPEN
Right = Constant | tuple[Constant, ...] | FieldReference | Gap


@dataclass(slots=True, eq=False)
class Leaf:
    """A comparison being chosen; `operator` None: not yet."""

    field: str = ""
    operator: Operator | None = None
    right: Right = OPEN
    turned: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether field, comparison and right side are all there."""
        return bool(self.field) and self.operator is not None and self.right is not OPEN and self.right != ()

    def condition(self) -> Condition | None:
        """The comparison; None while unfinished."""
        if not self.field or self.operator is None or isinstance(self.right, Gap):
            return None
        return _turned(Comparison(self.field, self.operator, self.right), self.turned)


@dataclass(slots=True, eq=False)
class Group:
    """Parts of which all, or any, must hold."""

    every: bool = True
    parts: list[Leaf | Group] = field(default_factory=list)
    turned: int = 0

    def condition(self) -> Condition | None:
        """The condition of the group; None while a part of it is unfinished."""
        made = [part.condition() for part in self.parts]
        whole = tuple(one for one in made if one is not None)
        if len(whole) < len(made):
            return None
        return _turned(AllOf(whole) if self.every else AnyOf(whole), self.turned)


Node = Leaf | Group


def _turned(condition: Condition, times: int) -> Condition:
    for _ in range(times):
        condition = NotOf(condition)
    return condition


def node_of(condition: Condition) -> Node:
    """The tree of a condition."""
    turned = 0
    while isinstance(condition, NotOf):
        condition, turned = condition.part, turned + 1
    if isinstance(condition, Comparison):
        return Leaf(condition.field, condition.operator, condition.right, turned)
    assert isinstance(condition, AllOf | AnyOf)
    return Group(isinstance(condition, AllOf), [node_of(part) for part in condition.parts], turned)


@dataclass(slots=True, eq=False)
class Tree:
    """One condition whole; no root: it holds always."""

    root: Node | None = None

    @staticmethod
    def of(condition: Condition | None) -> Tree:
        """The tree of a condition."""
        return Tree(node_of(condition) if condition is not None else None)

    def condition(self) -> Condition | None:
        """The condition it makes; None for none, and while something is unfinished."""
        return self.root.condition() if self.root is not None else None

    def walk(self) -> Iterator[tuple[Node, int]]:
        """Every node with its depth, in the order of reading."""
        def below(node: Node, depth: int) -> Iterator[tuple[Node, int]]:
            yield node, depth
            for part in node.parts if isinstance(node, Group) else ():
                yield from below(part, depth + 1)

        if self.root is not None:
            yield from below(self.root, 0)

    def unfinished(self) -> Leaf | None:
        """The first comparison that isn't whole."""
        return next((node for node, _ in self.walk() if isinstance(node, Leaf) and not node.is_finished), None)

    def group_around(self, node: Node) -> Group | None:
        """The group that a node is a part of."""
        return next((one for one, _ in self.walk() if isinstance(one, Group) and node in one.parts), None)

    def add(self, after: Node | None, made: Node) -> bool:
        """Put a node after another one, or into the group that is `after`; False where there is no more room."""
        if self.root is None:
            self.root = made
            return True
        target = after or self.root
        group = target if isinstance(target, Group) else self.group_around(target)
        if group is None:
            group = Group(True, [self.root])
            self.root = group
        if len(group.parts) >= MAX_PARTS or self._level(group) + _height(made) > MAX_DEPTH:
            return False
        place = group.parts.index(target) + 1 if target in group.parts else len(group.parts)
        group.parts.insert(place, made)
        return True

    def remove(self, node: Node) -> Node | None:
        """Take a node away, and the group that it leaves empty; the node that stands in its place."""
        group = self.group_around(node)
        if group is None:
            self.root = None
            return None
        place = group.parts.index(node)
        group.parts.remove(node)
        if not group.parts:
            return self.remove(group)
        return group.parts[min(place, len(group.parts) - 1)]

    def move(self, node: Node, by: int) -> bool:
        """Up or down among its neighbours."""
        group = self.group_around(node)
        if group is None or not 0 <= (place := group.parts.index(node) + by) < len(group.parts):
            return False
        group.parts.remove(node)
        group.parts.insert(place, node)
        return True

    def _level(self, group: Group) -> int:
        """How deep the parts of a group lie, every `not` counted."""
        level, here = 0, group
        while True:
            level += 1 + here.turned
            around = self.group_around(here)
            if around is None:
                return level
            here = around


def _height(node: Node) -> int:
    inside = max((_height(part) for part in node.parts), default=0) + 1 if isinstance(node, Group) else 0
    return inside + node.turned
