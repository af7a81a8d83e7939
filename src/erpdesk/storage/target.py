"""A target says which database is meant: the embedded server of a home, or one reached by a URL.

It comes from `--database`, `ERPDESK_DATABASE_URL`, a connection profile, or nothing. Passwords come from
the URL, `ERPDESK_PASSWORD` or the operating system's keyring; they are kept apart from the URL and shown
in no representation, log or message.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from erpdesk import settings
from erpdesk.domain.results import NoDatabaseError

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_OWN_OPTIONS = {"prepare", "pgbouncer"}
_OFF, _ON = ("off", "false", "0", "no"), ("on", "true", "1", "yes", "")
_URL_OPTIONS = ("sslmode", "sslrootcert", "prepare", "pgbouncer", "connect_timeout")
_PROFILE_KEYS = {"hosts", "host", "port", "database", "user", *_URL_OPTIONS}


@dataclass(frozen=True, slots=True)
class Target:
    """Which database, and who logs in. `url` holds no password and none of erpdesk's own options.

    `pooled` means that a transaction pooler stands between: no prepared statements, no session settings.
    """

    kind: Literal["embedded", "server"]
    home: Path
    url: str | None = None
    user: str | None = None
    profile: str | None = None
    pooled: bool = False
    password: str | None = field(default=None, repr=False, compare=False)

    def connection_parameters(self, role: str = "program") -> dict[str, Any]:
        """libpq's parameters for a server target, password included when one is known."""
        import psycopg

        if self.url is None:
            raise ValueError("an embedded target has no parameters of its own; ask the open server")
        try:
            parameters: dict[str, Any] = dict(psycopg.conninfo.conninfo_to_dict(self.url))
        except psycopg.ProgrammingError:
            raise _wrong_url("its options aren't understood") from None
        if self.user:
            parameters["user"] = self.user
        if self.password is not None:
            parameters["password"] = self.password
        return parameters

    def described(self) -> str:
        """For messages: where, never the password."""
        return str(self.home) if self.url is None else self.url


def resolve_target(database_url: str | None = None, profile: str | None = None,
                   user: str | None = None) -> Target:
    """The target that options, environment and profiles name; raises NoDatabaseError NET-001."""
    if profile:
        return _from_profile(profile, user)
    url = database_url or os.environ.get("ERPDESK_DATABASE_URL")
    if url:
        return _from_url(url, user)
    home = settings.home()
    password = _asked_password(f"home:{home}", user) if user else None
    return Target("embedded", home, user=user, password=password)


def profiles_file() -> Path:
    """The TOML file with the connection profiles, one table each; it holds no passwords."""
    import platformdirs

    chosen = os.environ.get("ERPDESK_PROFILES")
    return Path(chosen) if chosen else (
        Path(platformdirs.user_config_dir("erpdesk", appauthor=False)) / "profiles.toml")


def keyring_entry(place: str, user: str) -> tuple[str, str]:
    """Service and account under which a password lies in the keyring; `place` is a profile or server."""
    return f"erpdesk:{place}", user


def with_password(target: Target, password: str) -> Target:
    """The target with another password."""
    return replace(target, password=password)


def keyring_place(target: Target) -> str:
    """Under which place the keyring holds passwords of a target."""
    if target.url is None:
        return f"home:{target.home}"
    parts = urlsplit(target.url)
    return target.profile or f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def _from_url(url: str, user: str | None, profile: str | None = None) -> Target:
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _wrong_url("its address isn't understood") from None
    if parts.scheme not in _SCHEMES:
        raise _wrong_url("it doesn't begin with postgresql://")
    login, _, address = parts.netloc.rpartition("@")
    name, _, typed = login.partition(":")
    query = parse_qsl(parts.query, keep_blank_values=True)
    options = dict(query)
    typed = typed or quote(options.pop("password", ""), safe="")
    kept = urlencode([(key, value) for key, value in query
                      if key not in _OWN_OPTIONS and key != "password"], quote_via=quote)
    netloc = f"{name}@{address}" if name else address
    clean = urlunsplit(("postgresql", netloc, parts.path, kept, ""))
    who = user or unquote(name) or options.get("user")
    password = unquote(typed) if typed and not user else _asked_password(
        profile or f"{address}{parts.path}", who if user or profile else None)
    return Target("server", settings.home(), clean, user, profile, _is_pooled(options), password)


def _is_pooled(options: dict[str, str]) -> bool:
    return options.get("prepare", "on").lower() in _OFF or (
        "pgbouncer" in options and options["pgbouncer"].lower() in _ON)


def _from_profile(name: str, user: str | None) -> Target:
    row = _read_profile(name)
    unknown = sorted(set(row) - _PROFILE_KEYS)
    if unknown:
        raise _wrong_profile(name, f"it has the unknown key {unknown[0]}")
    hosts = row.get("hosts") or [row.get("host", "localhost")]
    if isinstance(hosts, str) or not all(isinstance(host, str) for host in hosts):
        raise _wrong_profile(name, "hosts must be a list of names")
    options: dict[str, str] = {key: str(row[key]).lower() if isinstance(row[key], bool) else str(row[key])
               for key in _URL_OPTIONS if key in row}
    if len(hosts) > 1:
        options["target_session_attrs"] = "read-write"
    places = ",".join(host if ":" in host else f"{host}:{row.get('port', 5432)}" for host in hosts)
    login = quote(str(row["user"]), safe="") + "@" if "user" in row else ""
    url = f"postgresql://{login}{places}/{quote(str(row.get('database', 'erpdesk')), safe='')}"
    return _from_url(f"{url}?{urlencode(options)}", user, name)


def _read_profile(name: str) -> dict[str, Any]:
    path = profiles_file()
    try:
        rows = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        rows = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong_profile(name, f"{path} isn't valid TOML: {error}") from None
    if not isinstance(rows.get(name), dict):
        known = ", ".join(sorted(rows)) or "none"
        raise _wrong_profile(name, f"there is no such profile in {path} (there are: {known})")
    return dict(rows[name])


def _asked_password(place: str, user: str | None) -> str | None:
    """`ERPDESK_PASSWORD`, else for a named user the keyring; None leaves it to libpq."""
    given = os.environ.get("ERPDESK_PASSWORD")
    if given is not None or user is None:
        return given
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(*keyring_entry(place, user))
    except (KeyringError, OSError, RuntimeError):
        return None


def _wrong_url(why: str) -> NoDatabaseError:
    return NoDatabaseError("NET-001", f"The database URL can't be used: {why}.",
                           cure="Write it as postgresql://user@host:5432/database.")


def _wrong_profile(name: str, why: str) -> NoDatabaseError:
    return NoDatabaseError("NET-001", f"The connection profile {name} can't be used: {why}.",
                           cure="Correct the profile, or use --database.")
