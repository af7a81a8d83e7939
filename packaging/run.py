"""Shows erpdesk with its demo company: the window, or without a display pictures of it and a trial balance.

`make run` calls this; where there is no make, run it with the virtual environment's Python.
With `ERPDESK_DATABASE_URL` the window opens on that server, and no demo company is made there.

Usage: python packaging/run.py [--render FOLDER]    --render: only draw the pictures, display or not
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ERPDESK = (sys.executable, "-m", "erpdesk")
TRIAL_BALANCE = ("report", "trial-balance", "--org", "DEMO")
PICTURES = Path("build", "screens")


def has_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window can be shown: on Linux a Wayland or X server must answer; elsewhere there is one."""
    if environment.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    if not platform.startswith("linux"):
        return True
    wayland = environment.get("WAYLAND_DISPLAY")
    if wayland and _answers(str(Path(environment.get("XDG_RUNTIME_DIR", "/"), wayland))):
        return True
    return _has_x_server(environment.get("DISPLAY", ""))


def _has_x_server(display: str) -> bool:
    host, colon, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not colon or not number.isdecimal():
        return False
    if host and host != "unix":
        try:
            socket.create_connection((host, 6000 + int(number)), timeout=3).close()
        except OSError:
            return False
        return True
    path = f"/tmp/.X11-unix/X{number}"
    return _answers(path) or _answers(f"\0{path}")


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(3)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


def erpdesk(*arguments: str, **environment: str) -> int:
    """Runs one command of the program; its exit status."""
    return subprocess.run([*ERPDESK, *arguments], env={**os.environ, **environment}, check=False).returncode


def prepare_demo() -> int:
    """Makes the demo company unless it is there; the exit status (3 means that there is no database)."""
    asked = subprocess.run([*ERPDESK, *TRIAL_BALANCE, "--format", "json"], capture_output=True, check=False)
    if asked.returncode == 1:
        print("Preparing the demo company ...", flush=True)
        return erpdesk("demo", "--size", "small")
    if asked.returncode:
        sys.stderr.buffer.write(asked.stderr)
    return asked.returncode


def draw(folder: Path) -> int:
    """The main window and a filled voucher as PNG files in the folder; the exit status."""
    folder.mkdir(parents=True, exist_ok=True)
    looks = ("light", "dark") if folder == PICTURES else ()
    status = erpdesk("--render", str(folder), *looks, QT_QPA_PLATFORM="offscreen")
    if status == 0:
        print("Pictures of the window:")
        for picture in sorted(folder.rglob("*.png")):
            print(f"  {picture}")
    return status


def main() -> int:
    """The first step that fails ends it, with its exit status."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--render", type=Path, metavar="FOLDER", help="only draw the pictures")
    folder = arguments.parse_args().render
    foreign = bool(os.environ.get("ERPDESK_DATABASE_URL"))
    visible = folder is None and has_display()
    if not visible and folder is None:
        print("There is no display, so no window: drawing it instead.", flush=True)
    if not foreign and (status := prepare_demo()):
        return status
    if visible:
        return erpdesk()
    if status := draw(folder or PICTURES):
        return status
    return 0 if folder or foreign else erpdesk(*TRIAL_BALANCE, "--format", "table")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
