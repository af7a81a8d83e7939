"""A migration as a module, for what its statements do to rows from before it."""

from __future__ import annotations

import importlib.util
import sys
from typing import Any

from erpdesk.settings import MIGRATIONS


def migration(name: str) -> Any:
    """The migration of that file name."""
    found = importlib.util.spec_from_file_location(name, MIGRATIONS / "versions" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module
