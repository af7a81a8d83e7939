"""Units of the books in memory: what goods are counted in, and an item that comes in dozens and pairs too."""

from __future__ import annotations

UNITS = (("PCS", "Pieces", 3), ("DOZ", "Dozen", 0), ("PAIR", "Pair", 0))
VIALS = {"track_batch": True, "track_expiry": True, "batch_policy": "manual",
         "alternate_units": ({"uom": "DOZ", "factor": "12"}, {"uom": "PAIR", "factor": "2"})}
