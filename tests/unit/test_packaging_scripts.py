"""What installs and starts erpdesk says what is missing, takes only locked files, and knows a display."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
LOCKS = ("requirements.lock", "requirements-dev.lock")
MUTATION_LOCK = "requirements-mutation.lock"


def load(name: str) -> ModuleType:
    """A script of packaging/ as a module."""
    spec = importlib.util.spec_from_file_location(f"packaging_{name}", PACKAGING / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entries(lock: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes by package."""
    text = (PACKAGING / lock).read_text(encoding="utf-8")
    entry = r"^([a-z0-9.-]+)==(\S+)[^\n]*\\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
    found = re.finditer(entry, text, re.MULTILINE)
    return {match[1]: (match[2], match[3].count("--hash")) for match in found}


def normalized(requirement: str) -> str:
    """The canonical name of what a requirement asks for."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0]).lower()


@pytest.mark.parametrize("lock", [*LOCKS, MUTATION_LOCK])
def test_lock_holds_only_pinned_packages_with_hashes(lock: str) -> None:
    text = (PACKAGING / lock).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("#", " "))]
    assert len(lines) == len(entries(lock))


def test_locks_cover_what_the_project_asks_for() -> None:
    project = tomllib.loads((PACKAGING.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {normalized(line) for line in project["project"]["dependencies"]}
    development = {normalized(line) for line in project["dependency-groups"]["dev"]}
    assert wanted - entries("requirements.lock").keys() == set()
    assert wanted | development <= entries("requirements-dev.lock").keys()


def test_development_runs_with_the_versions_that_users_get() -> None:
    run_time, development = (entries(lock) for lock in LOCKS)
    assert {name: development.get(name) for name in run_time} == run_time


def test_mutants_are_met_with_the_versions_that_tests_use() -> None:
    mutation, development = entries(MUTATION_LOCK), entries("requirements-dev.lock")
    assert set(load("lock").MUTATION_TOOLS) <= mutation.keys()
    assert {name: mutation[name] for name in mutation.keys() & development.keys()} == {
        name: development[name] for name in mutation.keys() & development.keys()}


def test_tests_to_meet_mutants_find_all_they_need_in_their_tree(tmp_path: Path) -> None:
    load("mutation").prepare(tmp_path)
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST"))}
    site = ("import sys, pytest; from pathlib import Path; import erpdesk.domain;"
            "assert Path(erpdesk.domain.__file__).is_relative_to(Path.cwd());"
            "sys.exit(pytest.main(['-q', '--collect-only', '-p', 'no:cacheprovider', '--import-mode=importlib',"
            " 'tests/unit/domain']))")
    ended = subprocess.run([sys.executable, "-c", site], cwd=tmp_path, env={**alone, "PYTHONPATH": "src"},
                           capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout


def test_lock_names_what_only_another_platform_needs() -> None:
    text = (PACKAGING / "requirements.lock").read_text(encoding="utf-8")
    assert re.search(r'^pywin32-ctypes==\S+ ; sys_platform == "win32" ', text, re.MULTILINE)
    assert re.search(r'^secretstorage==\S+ ; sys_platform == "linux" ', text, re.MULTILINE)


def test_lock_reads_its_own_pins_back(tmp_path: Path) -> None:
    (pins,) = load("lock").pins_of(PACKAGING / "requirements.lock", tmp_path)
    assert set(pins.read_text(encoding="utf-8").split()) == {
        f"{name}=={version}" for name, (version, _) in entries("requirements.lock").items()}


def system_packages(tmp_path: Path, there: str, user: str,
                    which: str = "test") -> subprocess.CompletedProcess[str]:
    """Runs system-packages.sh where only `there` (a shell pattern) is installed, as user id `user`."""
    for name, body in (("dpkg-query", f'case "${{@: -1}}" in {there}) echo -n installed;; *) exit 1;; esac'),
                       ("id", f"echo {user}"), ("apt-get", 'echo "apt-get $*" >&2')):
        (tmp_path / name).write_text(f"#!/usr/bin/env bash\n{body}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(["bash", PACKAGING / "system-packages.sh", which], env=environment,
                          capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


def test_system_packages_are_quiet_when_all_are_there(tmp_path: Path) -> None:
    done = system_packages(tmp_path, "*", "1000")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_system_packages_tell_a_user_exactly_what_to_install(tmp_path: Path) -> None:
    done = system_packages(tmp_path, "lib*|python3-venv|fonts*|x*", "1000")
    assert done.returncode == 1
    assert "apt-get install -y --no-install-recommends openbox\n" in done.stderr


def test_system_packages_are_installed_by_root(tmp_path: Path) -> None:
    done = system_packages(tmp_path, "lib*|python3-venv|fonts*|x*", "0")
    assert done.returncode == 0
    assert re.search(r"^apt-get install .* openbox$", done.stderr, re.MULTILINE)


def test_running_needs_no_virtual_screen(tmp_path: Path) -> None:
    assert system_packages(tmp_path, "lib*|python3-venv|fonts*", "1000", "run").returncode == 0


@pytest.mark.parametrize("environment", [
    {}, {"DISPLAY": ""}, {"DISPLAY": ":9876"}, {"DISPLAY": "nonsense"},
    {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": "/nonexistent"},
])
def test_without_an_answering_server_there_is_no_display(environment: dict[str, str]) -> None:
    assert not load("run").has_display(environment, "linux")


def test_a_server_that_answers_is_a_display(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-0"))
        server.listen()
        environment = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
        assert load("run").has_display(environment, "linux")
        assert not load("run").has_display({**environment, "QT_QPA_PLATFORM": "offscreen"}, "linux")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_platforms_always_have_a_display(platform: str) -> None:
    assert load("run").has_display({}, platform)


def test_desktop_entry_starts_the_installed_command() -> None:
    text = (PACKAGING / "erpdesk.desktop").read_text(encoding="utf-8")
    assert text.startswith("[Desktop Entry]\n")
    assert re.search(r"^Exec=erpdesk$", text, re.MULTILINE)
