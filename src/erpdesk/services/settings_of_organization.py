"""What an administrator may set of an organization while it is in use, by key and text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from erpdesk.domain.results import ErpdeskError, Fault

if TYPE_CHECKING:
    from erpdesk.domain.organization import OrganizationInfo
    from erpdesk.storage.server import Server


def _wrong(message: str, field: str, cure: str = "") -> ErpdeskError:
    return ErpdeskError("ORG-008", message, cure=cure, field=field)


def _line(key: str, value: str, *, required: bool = False) -> str | None:
    text = value.strip()
    if len(text) > 200 or not text.isprintable() or (required and not text):
        raise _wrong(f"{key} is {'1' if required else '0'} to 200 characters on one line", key)
    return text or None


def _name(key: str, value: str) -> str | None:
    return _line(key, value, required=True)


def _address(key: str, value: str) -> str | None:
    if len(value) > 1000 or "\x00" in value:
        raise _wrong("An address has at most 1000 characters", key)
    return value.strip() or None


class _Word:
    """A setting that is one of some words, and what is stored for each."""

    def __init__(self, **words: Any) -> None:
        self.words = words

    def __call__(self, key: str, value: str) -> Any:
        if value.strip() not in self.words:
            raise _wrong(f'{key} can\'t be "{value[:40]}"', key, f"It is one of: {', '.join(self.words)}.")
        return self.words[value.strip()]


def _time_zone(key: str, value: str) -> str:
    from zoneinfo import available_timezones

    if value.strip() not in available_timezones():
        raise _wrong(f'There is no time zone "{value[:40]}"', key, "Write one like Asia/Kathmandu.")
    return value.strip()


def _language(key: str, value: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(value.strip().replace("-", "_")))
    except (ValueError, TypeError, UnknownLocaleError):
        raise _wrong(f'There is no language "{value[:40]}"', key, "Write a code like en or ne.") from None


SETTINGS: Mapping[str, Callable[[str, str], Any]] = {
    "name": _name,
    "legal_name": _line,
    "kind": _line,
    "address": _address,
    "time_zone": _time_zone,
    "language": _language,
    "calendar": _Word(gregorian="gregorian", bikram_sambat="bikram_sambat"),
    "digit_grouping": _Word(western="western", lakh="lakh"),
    "negative_stock": _Word(allow=True, refuse=False),
}
TAX_NUMBER = "tax_number."
"""`tax_number.PAN` sets the number of that name; an empty value removes it."""


def read_settings(given: Mapping[str, str]) -> dict[str, Any]:
    """Settings by key and text as the columns take them, empty ones left out. Raises ErpdeskError ORG-008."""
    columns: dict[str, Any] = {}
    for key, value in given.items():
        if not value.strip():
            continue
        if key.startswith(TAX_NUMBER):
            columns.setdefault("tax_numbers", {})[_tax_name(key)] = _line(key, value)
        elif key in SETTINGS:
            columns[key] = SETTINGS[key](key, value)
        else:
            raise _unknown(key)
    return columns


def _tax_name(key: str) -> str:
    name = key.removeprefix(TAX_NUMBER).strip()
    if not name.isidentifier() or len(name) > 20:
        raise _wrong("A tax number's name is letters and digits, such as PAN", key)
    return name


def _unknown(key: str) -> ErpdeskError:
    return _wrong(f'There is no setting "{key[:40]}"', key, f"There are: {', '.join(SETTINGS)}, {TAX_NUMBER}NAME.")


@dataclass(frozen=True, slots=True)
class SettingShape:
    """A setting as a form needs to know it; without `choices` it is a text, of several lines where it `is_long`."""

    key: str
    choices: tuple[str, ...] = ()
    is_required: bool = False
    is_long: bool = False


def shapes() -> tuple[SettingShape, ...]:
    """Every setting but the tax numbers, in the order of a form."""
    return tuple(SettingShape(key, tuple(reader.words) if isinstance(reader, _Word) else (), reader is _name
                              or key in ("time_zone", "language"), reader is _address)
                 for key, reader in SETTINGS.items())  # fmt: skip


class OrganizationSettings:
    """The settings of one organization."""

    def __init__(self, server: Server, organization: OrganizationInfo) -> None:
        self._server = server
        self._organization = organization

    def all(self) -> dict[str, str]:
        """Every setting as text."""
        from erpdesk.storage.fiscal_calendar import read_columns
        from erpdesk.storage.transactions import reading

        columns = [*SETTINGS, "tax_numbers", "is_locked", "audit_locked_until"]
        with reading(self._server) as connection:
            found = read_columns(connection, self._organization.id, columns)
        numbers = found.pop("tax_numbers")
        found["negative_stock"] = "allow" if found["negative_stock"] else "refuse"
        found["is_locked"] = "yes" if found["is_locked"] else "no"
        found |= {f"{TAX_NUMBER}{name}": number for name, number in numbers.items()}
        return {key: "" if value is None else str(value) for key, value in found.items()}

    def set(self, key: str, value: str) -> str:
        """Sets one; the value as it is stored. Raises ErpdeskError ORG-008, ForbiddenError."""
        from erpdesk.storage.fiscal_calendar import read_columns, set_columns
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            if key.startswith(TAX_NUMBER):
                name, number = _tax_name(key), _line(key, value)
                numbers = read_columns(connection, self._organization.id, ["tax_numbers"])["tax_numbers"]
                numbers = {k: v for k, v in numbers.items() if k != name} | ({name: number} if number else {})
                columns: dict[str, Any] = {"tax_numbers": numbers}
            elif key in SETTINGS:
                columns = {key: SETTINGS[key](key, value)}
            else:
                raise _unknown(key)
            set_columns(connection, self._organization.id, columns)
        return value.strip()

    def save(self, values: Mapping[str, str]) -> tuple[Fault, ...]:
        """Sets all that differ, all or none; the faults of those that can't be. Raises ForbiddenError."""
        from erpdesk.storage.fiscal_calendar import read_columns, set_columns
        from erpdesk.storage.transactions import writing

        columns, numbers, faults = self._read(values)
        if faults:
            return faults
        with writing(self._server) as connection:
            known = read_columns(connection, self._organization.id, ["tax_numbers"])["tax_numbers"]
            merged = {name: number for name, number in {**known, **numbers}.items() if number}
            set_columns(connection, self._organization.id, {**columns, "tax_numbers": merged})
        return ()

    @staticmethod
    def _read(values: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str | None], tuple[Fault, ...]]:
        """Columns, tax numbers, and what is wrong with either."""
        columns: dict[str, Any] = {}
        numbers: dict[str, str | None] = {}
        faults: list[Fault] = []
        for key, value in values.items():
            try:
                if key.startswith(TAX_NUMBER):
                    numbers[key.removeprefix(TAX_NUMBER)] = _line(key, value)
                else:
                    columns[key] = SETTINGS[key](key, value)
            except ErpdeskError as error:
                faults.append(error.fault())
        return columns, numbers, tuple(faults)

    def set_locked(self, locked: bool) -> bool:
        """Locks or opens the organization; False when it was so already. Raises ForbiddenError."""
        from erpdesk.storage.fiscal_calendar import set_locked
        from erpdesk.storage.transactions import writing

        with writing(self._server) as connection:
            return set_locked(connection, self._organization.id, locked)
