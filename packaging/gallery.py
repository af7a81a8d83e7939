"""Writes docs/screens.md: the pictures of docs/screens by scene, each with a line on what it shows and its other looks.

Usage: python packaging/gallery.py    (`make screenshots` does, after drawing)
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "screens"
GALLERY = ROOT / "docs" / "screens.md"
SCENES = ROOT / "resources" / "screens" / "scenes.json"
LOOKS = {"light": "light", "dark": "dark", "hi": "Hindi", "ne": "Nepali, days in Bikram Sambat",
         "light-2x": "light, double density", "dark-2x": "dark, double density"}
HEAD = """# Screens

Drawn from the program by `make screenshots`, on the demo company: 1366 × 768, and on a display of double density.
Everything in them was typed by key events; the [user guide](user-guide.md) says how.
"""


def gallery(captions: Iterable[tuple[str, str]], names: Iterable[str]) -> str:
    """The page: scenes with their captions first, then the other screens."""
    looks: dict[str, list[str]] = {}
    for name in sorted(names):
        look = next(look for look in sorted(LOOKS, key=len, reverse=True) if name.endswith(f"-{look}"))
        looks.setdefault(name.removesuffix(f"-{look}"), []).append(look)
    told = dict(captions)
    parts = [HEAD]
    for scene in (*told, *(one for one in looks if one not in told)):
        if scene in looks:
            parts.append(_scene(scene, told.get(scene, ""), looks[scene]))
    return "\n".join(parts)


def _scene(scene: str, caption: str, looks: list[str]) -> str:
    title = caption or scene.replace("masters-", "masters: ").replace("-", " ").capitalize()
    first, *others = [look for look in LOOKS if look in looks]
    links = " · ".join(f"[{LOOKS[look]}](screens/{scene}-{look}.png)" for look in others)
    return f"## {title}\n\n![{title}](screens/{scene}-{first}.png)\n\n{LOOKS[first]} · {links}\n"


def main() -> None:
    """Write the page."""
    scenes = json.loads(SCENES.read_text(encoding="utf-8"))["scenes"]
    text = gallery(((one["name"], one["caption"]) for one in scenes), (one.stem for one in PICTURES.glob("*.png")))
    GALLERY.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
