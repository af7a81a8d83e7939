"""Where things are: the home folder, and the data files that travel with the program."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _data_folder(name: str) -> Path:
    """A folder beside the sources in a checkout, inside the package in an installed wheel."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parents[1] / name


RESOURCES = _data_folder("resources")
MIGRATIONS = _data_folder("migrations")


def home() -> Path:
    """`ERPDESK_HOME`, else the platform's user data folder. Not created here."""
    chosen = os.environ.get("ERPDESK_HOME")
    if chosen:
        return Path(chosen).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_dir("erpdesk", appauthor=False))
