"""The wheel is all that an installation needs: program, resources and migrations."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA_FOLDERS = ("resources", "migrations")
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree with the build tools that are installed."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
                   check=True, capture_output=True, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def install(wheel: Path, folder: Path) -> Path:
    """An empty environment elsewhere with nothing but the wheel; its folder of commands."""
    venv.create(folder, with_pip=False)
    commands = folder / SCRIPTS
    subprocess.run([sys.executable, "-m", "pip", "--python", commands / "python", "install", "--quiet",
                    "--no-deps", "--no-index", wheel], check=True, capture_output=True, cwd=folder)
    return commands


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command of the new environment, far from the checkout and from this run's settings."""
    kept = {name: value for name, value in os.environ.items()
            if name not in ("PYTHONPATH", "ERPDESK_DATABASE_URL", "ERPDESK_HOME", "VIRTUAL_ENV")}
    return subprocess.run([str(part) for part in command], cwd=cwd, env={**kept, **environment},
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_wheel_carries_every_resource_and_migration(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    there = {f"erpdesk/{path.relative_to(ROOT).as_posix()}" for folder in DATA_FOLDERS
             for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert there
    assert there - packed == set()


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in packed} == {"erpdesk"}
    assert [name for name in packed if name.endswith(".pyc") or "/tests/" in name] == []


def test_installed_wheel_finds_its_data_and_answers(wheel: Path, tmp_path: Path) -> None:
    """The libraries are lent by this environment, the program itself comes from the wheel."""
    commands = install(wheel, tmp_path / "env")
    python = commands / "python"
    packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path)
    borrowed = Path(packages.stdout.strip(), "borrowed.pth")
    borrowed.write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    ask = "from erpdesk.settings import MIGRATIONS, RESOURCES; print(RESOURCES, MIGRATIONS, sep='\\n')"
    found = run(python, "-c", ask, cwd=tmp_path)
    assert len(found.stdout.splitlines()) == len(DATA_FOLDERS), found.stderr
    for folder in map(Path, found.stdout.splitlines()):
        assert folder.is_relative_to(tmp_path)
        assert any(folder.iterdir())

    help_text = run(commands / "erpdesk", "--help", cwd=tmp_path, ERPDESK_HOME=str(tmp_path / "home"))
    assert help_text.returncode == 0, help_text.stderr
    assert "demo" in help_text.stdout
    assert not (tmp_path / "home").exists()


@pytest.mark.long
def test_wheel_with_locked_libraries_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    """As a user does it: empty environment, locked libraries, wheel; then the demo and the window."""
    commands = install(wheel, tmp_path / "env")
    lock = ROOT / "packaging" / "requirements.lock"
    subprocess.run([sys.executable, "-m", "pip", "--python", commands / "python", "install", "--quiet",
                    "--require-hashes", "--only-binary", ":all:", "-r", lock], check=True, cwd=tmp_path)
    home = str(tmp_path / "home")

    demo = run(commands / "erpdesk", "demo", "--size", "small", cwd=tmp_path, ERPDESK_HOME=home)
    assert demo.returncode == 0, demo.stderr
    balance = run(commands / "erpdesk", "report", "trial-balance", "--org", "DEMO", "--format", "json",
                  cwd=tmp_path, ERPDESK_HOME=home)
    assert balance.returncode == 0, balance.stderr
    drawn = run(commands / "erpdesk", "--render", tmp_path / "screens", "light", cwd=tmp_path, ERPDESK_HOME=home,
                QT_QPA_PLATFORM="offscreen")
    assert drawn.returncode == 0, drawn.stderr
    assert list((tmp_path / "screens").rglob("*.png"))
