"""When this process began, by the wall clock."""

import os
import time
from pathlib import Path


def process_started() -> float:
    """Seconds since the epoch; from the kernel's books, so that the interpreter's own start counts."""
    ticks = int(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
    up_seconds = float(Path("/proc/uptime").read_text("ascii").split()[0])
    return time.time() - up_seconds + ticks / os.sysconf("SC_CLK_TCK")
