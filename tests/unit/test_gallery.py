"""Every picture of the documentation stands somewhere, and every picture that a page names is there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
MOST_BYTES = 12_000_000


def named(page: str) -> set[str]:
    return set(re.findall(r"\]\(screens/([^)]+)\)", (DOCS / page).read_text(encoding="utf-8")))


def test_the_gallery_shows_every_picture_and_none_that_is_missing() -> None:
    there = {one.name for one in (DOCS / "screens").iterdir()}
    assert named("screens.md") == there
    assert named("user-guide.md") <= there


def test_the_gallery_is_what_its_script_writes() -> None:
    found = importlib.util.spec_from_file_location("gallery", ROOT / "packaging" / "gallery.py")
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    before = made.GALLERY.read_text(encoding="utf-8")
    captions = [(one["name"], one["caption"]) for one in made.json.loads(made.SCENES.read_text("utf-8"))["scenes"]]
    assert made.gallery(captions, (one.stem for one in made.PICTURES.glob("*.png"))) == before


def test_scenes_are_there_in_every_look() -> None:
    there = named("screens.md")
    for scene in ("voucher-items", "voucher-items_dual", "split-batches", "split-cost-centres", "shipment"):
        for look in ("light", "dark", "hi", "ne", "light-2x", "dark-2x"):
            assert f"{scene}-{look}.png" in there


def test_pictures_keep_the_repository_small() -> None:
    assert sum(one.stat().st_size for one in (DOCS / "screens").iterdir()) < MOST_BYTES
