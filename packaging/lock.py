"""Writes the locked dependencies: every package with its version and the hash of every file it may come as.

`requirements.lock` is what the program runs with, `requirements-dev.lock` adds what checking and building it
needs, `requirements-mutation.lock` what measures them by mutants in an environment apart.
pip-compile resolves for the machine it runs on, so packages that only another platform needs are named
in `FOREIGN` and resolved on their own, and packages that only Linux needs get the marker that says so: one
lock serves Linux, Windows and macOS. Versions stay as locked unless `--upgrade` or `--constraint` says else.

Usage: python packaging/lock.py [--upgrade] [--constraint FILE]   (needs pip-compile beside the interpreter)
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUN_TIME = ROOT / "packaging" / "requirements.lock"
DEVELOPMENT = ROOT / "packaging" / "requirements-dev.lock"
MUTATION = ROOT / "packaging" / "requirements-mutation.lock"

MUTATION_TOOLS = ("mutmut", "pytest", "hypothesis")

WINDOWS = 'sys_platform == "win32"'
LINUX = 'sys_platform == "linux"'
FOREIGN = {"colorama": WINDOWS, "pywin32-ctypes": WINDOWS, "tzdata": WINDOWS}
LINUX_ONLY = dict.fromkeys(("secretstorage", "jeepney", "cryptography", "cffi", "pycparser"), LINUX)

OPTIONS = (
    "--generate-hashes", "--strip-extras", "--allow-unsafe", "--no-header", "--no-annotate", "--quiet",
    "--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links", "--no-emit-options",
)
HEADER = """\
# {purpose}
# Written by `make lock`; not to be edited by hand. Install with: pip install --require-hashes -r {name}
"""
ENTRY = re.compile(r"^(?P<name>[a-z0-9.\-]+)==(?P<version>\S+)(?P<marker> ;[^\\\n]*)?", re.MULTILINE)


def compile_names(names: Sequence[str], constraints: Sequence[Path], upgrade: bool) -> str:
    """The lock text for these requirements, one entry a package, ordered by name."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "wanted.in"), Path(folder, "locked.txt")
        lines = [*names, *(f"-c {path}" for path in constraints)]
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, f"--output-file={target}"]
        subprocess.run([*command, *(["--upgrade"] if upgrade else []), str(source)], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return target.read_text(encoding="utf-8")


def with_markers(text: str, markers: Mapping[str, str]) -> str:
    """The same lock with a marker on the packages that only one platform needs."""
    def mark(entry: re.Match[str]) -> str:
        marker = markers.get(entry["name"])
        return f"{entry['name']}=={entry['version']} ; {marker}" if marker else entry[0]

    return ENTRY.sub(mark, text)


def pins_of(lock: Path, folder: Path) -> list[Path]:
    """A constraints file with the versions locked now; none if nothing is locked yet."""
    if not lock.is_file():
        return []
    pins = folder / f"{lock.name}.pins"
    rows = ENTRY.finditer(lock.read_text(encoding="utf-8"))
    pins.write_text("".join(f"{row['name']}=={row['version']}\n" for row in rows), encoding="utf-8")
    return [pins]


def requirements() -> tuple[list[str], list[str]]:
    """What pyproject.toml asks for: at run time, and for development on top of it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return project["project"]["dependencies"], project["dependency-groups"]["dev"]


def write(lock: Path, purpose: str, names: Sequence[str], constraints: Sequence[Path], upgrade: bool) -> None:
    """One lock file: this platform's packages, then those of the others, ordered by name."""
    here = with_markers(compile_names(names, constraints, upgrade), LINUX_ONLY)
    elsewhere = with_markers(compile_names(sorted(FOREIGN), constraints, upgrade), FOREIGN)
    entries = re.findall(r"^\S+==.*(?:\n    --hash=.*)+\n", here + elsewhere, re.MULTILINE)
    lock.write_text(HEADER.format(purpose=purpose, name=lock.relative_to(ROOT)) + "".join(sorted(entries)),
                    encoding="utf-8")


def main() -> int:
    """The lock files, each bound to the versions of those before it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    arguments.add_argument("--constraint", type=Path, action="append", default=[], help="versions to keep to")
    chosen = arguments.parse_args()
    run_time, development = requirements()
    with tempfile.TemporaryDirectory() as folder:
        kept = [] if chosen.upgrade or chosen.constraint else pins_of(DEVELOPMENT, Path(folder))
        limits = [*(path.resolve() for path in chosen.constraint), *kept]
        write(RUN_TIME, "What erpdesk runs with.", run_time, limits, chosen.upgrade)
        limits += pins_of(RUN_TIME, Path(folder))
        write(DEVELOPMENT, "What erpdesk runs with, and what it is checked, tested and built with.",
              [*run_time, *development], limits, chosen.upgrade)
        limits = [*limits, *pins_of(DEVELOPMENT, Path(folder))]
        write(MUTATION, "What `make mutation-score` measures with, in an environment of its own.", MUTATION_TOOLS,
              limits, chosen.upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())
