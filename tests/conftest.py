"""Fixtures for every test: a clean environment, PostgreSQL servers, fresh databases."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from erpdesk.domain.results import NoDatabaseError
from erpdesk.storage.embedded import stop_server
from helpers.cluster import SERVERS, TEMPLATE, Cluster, SharedCluster, binaries_of, end_servers
from helpers.database import Database, watched_database
from helpers.heard import forget, heard

settings.register_profile("erpdesk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("erpdesk")
"""How long an example takes says how busy the machine is, not whether it is right."""

_OWN_VARIABLES = ("ERPDESK_DATABASE_URL", "ERPDESK_PASSWORD", "ERPDESK_PROFILES")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pg", default="18", choices=("15", "18", "both"),
                     help="PostgreSQL major version to test against (15 needs it installed)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "server_versions: worth running on every PostgreSQL version "
                                       "(-m server_versions --pg=both)")
    config.addinivalue_line("markers", "provokes(*codes): makes the command line say these stable codes; "
                                       "fails when it didn't")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is collected stays until the end: no search for garbage goes through it, neither now nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """With --pg=both each test that touches a database runs once a version."""
    if "cluster" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--pg")
        versions = (15, 18) if chosen == "both" else (int(chosen),)
        ids = [f"pg{version}" for version in versions] if chosen == "both" else [""]
        metafunc.parametrize("cluster", versions, indirect=True, scope="session",
                             ids=ids if chosen == "both" else [pytest.HIDDEN_PARAM])


@pytest.fixture(scope="session")
def _server_folder() -> Iterator[Path]:
    """Where root's embedded servers live during the run; none is left behind."""
    folder = Path(tempfile.mkdtemp(prefix="erpdesk-test-servers-", dir=SERVERS))
    folder.chmod(0o711)
    yield folder
    end_servers(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An `ERPDESK_HOME` of the test's own, not made yet; its embedded server is stopped afterwards."""
    folder = tmp_path / "home"
    monkeypatch.setenv("ERPDESK_HOME", str(folder))
    yield folder
    end_servers(folder)
    with suppress(NoDatabaseError):
        stop_server(folder)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory,
                      _server_folder: Path) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in (*_OWN_VARIABLES, *(name for name in os.environ if name.startswith("PG"))):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ERPDESK_SERVER_FOLDER", str(_server_folder))
    monkeypatch.setenv("ERPDESK_HOME", str(tmp_path_factory.getbasetemp() / "no-home"))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture(autouse=True)
def _provokes_what_it_claims(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test marked with `provokes` has made the command line say those codes."""
    claimed = {code for mark in request.node.iter_markers("provokes") for code in mark.args}
    forget()
    yield
    assert claimed <= heard, f"never said: {sorted(claimed - heard)}"


@pytest.fixture(scope="session")
def _clusters(request: pytest.FixtureRequest) -> Iterator[dict[int, Cluster]]:
    shares: list[SharedCluster] = []

    class Clusters(dict[int, Cluster]):
        def __missing__(self, version: int) -> Cluster:
            if binaries_of(version) is None:
                pytest.fail(f"PostgreSQL {version} isn't installed", pytrace=False)
            run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or f"alone-{os.getpid()}"
            share = SharedCluster(run, version)
            shares.append(share)
            self[version] = share.join()
            return self[version]

    clusters = Clusters()
    yield clusters
    for joined in clusters.values():
        joined.close()
    for share in shares:
        share.leave()


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest, _clusters: dict[int, Cluster]) -> Cluster:
    """A running PostgreSQL with erpdesk's roles and a migrated template, durability off."""
    return _clusters[request.param]


@pytest.fixture(scope="session")
def database_template() -> str:
    """What `database` is a copy of; modules that begin with more put another in its place."""
    return TEMPLATE


@pytest.fixture
def database(cluster: Cluster, database_template: str) -> Iterator[Database]:
    """A fresh migrated database; fails the test that leaves a transaction open in it."""
    with watched_database(cluster, database_template) as made:
        yield made
