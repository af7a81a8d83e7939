"""The logbook keeps what went wrong, and no password."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from erpdesk.services.logbook import record_failure, redacted


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://asha:geheim7@host:5432/books", "password=geheim7 host=x", "PASSWORD: 'geheim7'",
        '{"password": "geheim7"}', "token=geheim7;x",
    ],
)  # fmt: skip
def test_passwords_are_blotted_out(text: str) -> None:
    assert "geheim7" not in redacted(text)
    assert "***" in redacted(text)


def test_the_password_of_the_environment_is_blotted_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPDESK_PASSWORD", "ganz-geheim")
    assert redacted("it was ganz-geheim, they said") == "it was ***, they said"


def test_a_failure_is_logged_with_its_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ERPDESK_HOME", str(tmp_path))
    try:
        raise RuntimeError("postgresql://a:geheim7@host/db fell over")
    except RuntimeError as error:
        logged = record_failure(error, "test")
    assert logged.path == tmp_path / "logs" / "erpdesk.log"
    row = json.loads(logged.path.read_text(encoding="utf-8"))
    assert row["correlation_id"] == logged.correlation_id
    assert "fell over" in row["traceback"]
    assert "geheim7" not in logged.path.read_text(encoding="utf-8")


def test_a_home_that_cannot_be_written_does_not_stop_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    monkeypatch.setenv("ERPDESK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "elsewhere"))
    assert record_failure(RuntimeError("x"), "test").correlation_id
