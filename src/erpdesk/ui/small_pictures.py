"""Pictures of the window with few colours, small enough for a repository: 256 shades are all that its looks need.

Most of them are the most frequent ones; the rest go to what differs most from these, so that a small light keeps its
colour.
"""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

_SHADES, _FREQUENT, _SEARCHED = 256, 192, 4000


def with_few_colours(picture: QImage) -> QImage:
    """The picture in 256 colours at most; every other one becomes the nearest of them."""
    plain = picture.convertToFormat(QImage.Format.Format_RGB32)
    pixels = memoryview(plain.constBits()).cast("B").cast("I")
    few: QImage = plain.convertToFormat(QImage.Format.Format_Indexed8, _shades(Counter(pixels)),
                                        Qt.ImageConversionFlag.ThresholdDither)
    return few


def _shades(found: Counter[int]) -> list[int]:
    ordered = [shade for shade, _count in found.most_common(_SEARCHED)]
    chosen, others = ordered[:_FREQUENT], ordered[_FREQUENT:]
    gaps = [min(_gap(one, other) for other in chosen) for one in others]
    while others and len(chosen) < _SHADES:
        place = max(range(len(gaps)), key=gaps.__getitem__)
        gaps.pop(place)
        added = others.pop(place)
        chosen.append(added)
        gaps = [min(gap, _gap(one, added)) for gap, one in zip(gaps, others, strict=True)]
    return chosen


def _gap(one: int, other: int) -> int:
    """How far two colours lie apart, each 0xffRRGGBB."""
    return sum(((one >> bits & 255) - (other >> bits & 255)) ** 2 for bits in (0, 8, 16))
