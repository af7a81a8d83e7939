"""Files as they come from outside: bounded in size and line length, refused when not UTF-8 text."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path

from erpdesk.exchange.refusals import NOT_TEXT, TOO_LARGE, UNREADABLE, ImportRefused

MEGABYTE = 1024 * 1024
LONGEST_LINE_BYTES = 4 * MEGABYTE
LARGEST_DOCUMENT_BYTES = 256 * MEGABYTE

_SIGNATURES = (
    (codecs.BOM_UTF16_LE, "UTF-16 text"),
    (codecs.BOM_UTF16_BE, "UTF-16 text"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)


def checked_file(path: Path) -> Path:
    """The path, when a regular file that can be read stands there; else raises IMP-001."""
    try:
        if path.is_dir():
            raise ImportRefused(UNREADABLE, f'"{path}" is a folder, not a file.', cure="Name a file in it.")
        if not path.is_file():
            raise ImportRefused(
                UNREADABLE, f'There is no file "{path}".', cure="Check the name and the folder."
            )
        with path.open("rb"):
            return path
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> ImportRefused:
    reason = getattr(error, "strerror", None) or str(error)
    return ImportRefused(
        UNREADABLE, f'"{path}" can\'t be read: {reason}.', cure="Check its name and permissions."
    )


def first_bytes(path: Path, count: int = 4096) -> bytes:
    """The beginning of a file, to tell what it is."""
    with path.open("rb") as file:
        return file.read(count)


def refuse_binary(beginning: bytes) -> None:
    """Raises IMP-002 when the beginning of a file is no UTF-8 text, naming what it seems to be."""
    for signature, name in _SIGNATURES:
        if beginning.startswith(signature):
            raise _not_text(f"The file is {name}")
    if b"\x00" in beginning:
        raise _not_text("The file holds NUL bytes: it is binary, or UTF-16 text")


def _not_text(what: str) -> ImportRefused:
    return ImportRefused(
        NOT_TEXT, f"{what}, not UTF-8 text.", cure="Save it as UTF-8 text and import it again."
    )


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def decoded(raw: bytes) -> str:
    """Bytes as UTF-8 text; raises IMP-002."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_text(f"Byte {error.start + 1} is no UTF-8: the text is in another encoding") from None
    if "\x00" in text:
        raise ImportRefused(NOT_TEXT, "The text holds a NUL character.", cure="Remove it.")
    return text


def whole_text(path: Path, largest_bytes: int = LARGEST_DOCUMENT_BYTES) -> str:
    """The whole of a text file, without a byte order mark. Raises IMP-001, IMP-002, IMP-004."""
    checked_file(path)
    size = path.stat().st_size
    if size > largest_bytes:
        raise ImportRefused(
            TOO_LARGE,
            f"The file has {size // MEGABYTE} MB; {largest_bytes // MEGABYTE} MB are the limit.",
            cure="Split it into several files.",
        )
    raw = path.read_bytes()
    refuse_binary(raw[:4096])
    return decoded(raw.removeprefix(codecs.BOM_UTF8))


def lines_of(path: Path, longest_bytes: int = LONGEST_LINE_BYTES) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers from 1, without line ends or byte order mark; None for one that is too long.

    Memory stays flat: a line beyond the limit is skipped unread to its end.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(longest_bytes + 2):
            number += 1
            complete = line.endswith(b"\n") or len(line) <= longest_bytes
            while not complete:
                rest = file.readline(MEGABYTE)
                complete = not rest or rest.endswith(b"\n")
                line = b""
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            yield number, line.rstrip(b"\r\n") if line else None
