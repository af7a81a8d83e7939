"""Tokens: every space, size, text size, time and colour of the window, read from one file.

Code names a token; it never holds a number of pixels or a colour. A scheme is `light` or `dark`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from erpdesk.settings import RESOURCES

Scheme = Literal["light", "dark"]
Density = Literal["compact", "normal", "comfortable"]
DENSITIES: Mapping[Density, str] = {"compact": "row_compact", "normal": "row", "comfortable": "row_comfortable"}
_UNSCALED = frozenset({"hair", "ring", "popup_rows", "split_rows", "split_least_rows", "window_width", "window_height",
                       "window_minimum_width", "window_minimum_height"})


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of one scheme; a name that is not in the file is a KeyError at once."""

    scheme: Scheme
    spaces: Mapping[str, int]
    sizes: Mapping[str, int]
    texts: Mapping[str, int]
    times_ms: Mapping[str, int]
    colours: Mapping[str, str]

    def space(self, name: str) -> int:
        """A distance between things, in logical pixels."""
        return self.spaces[name]

    def size(self, name: str) -> int:
        """A width or height, in logical pixels."""
        return self.sizes[name]

    def text(self, name: str) -> int:
        """A text size in points, a weight, or the scale in per cent."""
        return self.texts[name]

    def time_ms(self, name: str) -> int:
        """A time in milliseconds."""
        return self.times_ms[name]

    def colour(self, name: str) -> str:
        """A colour as `#rrggbb`."""
        return self.colours[name]

    def flat(self) -> dict[str, str]:
        """All tokens by name as the style sheet writes them: lengths with `px`, points with `pt`."""
        lengths = {f"{name}": f"{value}px" for name, value in (*self.sizes.items(), *self.spaces.items())}
        percent = self.texts["scale_percent"]
        points = {name: f"{value * percent / 100:g}pt" for name, value in self.texts.items()
                  if name.endswith("_points")}
        return {**lengths, **points, **self.colours}


@cache
def _file() -> Mapping[str, Mapping[str, int] | Mapping[str, str]]:
    with (RESOURCES / "styles" / "tokens.json").open(encoding="utf-8") as stream:
        content: Mapping[str, Mapping[str, int]] = json.load(stream)
    return content


def _scaled(lengths: Mapping[str, int], percent: int) -> dict[str, int]:
    return {name: value if name in _UNSCALED else max(1, round(value * percent / 100))
            for name, value in lengths.items()}


@cache
def tokens(scheme: Scheme = "light", percent: int = 100, density: Density = "normal") -> Tokens:
    """The tokens of a scheme at a text size; rows as high as the density wants them."""
    content = _file()
    sizes = _scaled({**content["size"], "row": content["size"][DENSITIES[density]]}, percent)  # type: ignore[dict-item]
    texts = {**content["text"], "scale_percent": percent}
    return Tokens(scheme, _scaled(content["space"], percent), sizes, texts,  # type: ignore[arg-type]
                  content["time_ms"], content[scheme])  # type: ignore[arg-type]


def text_sizes() -> tuple[int, ...]:
    """The text sizes that one may choose, in per cent, in order."""
    return tuple(_file()["text_percents"])  # type: ignore[arg-type]
