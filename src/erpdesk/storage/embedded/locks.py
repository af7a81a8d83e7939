"""A file lock is a claim on a file that ends with the process that holds it, shared by many or held by one.

The lock belongs to the open file, not to the process, so two owners inside one process exclude each other
as two processes do. The operating system lets go of it however the process dies.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path
from types import TracebackType

_POLL_SECONDS = 0.01

if sys.platform == "win32":
    import ctypes
    import msvcrt
    from ctypes import wintypes

    _FAIL_IMMEDIATELY, _EXCLUSIVE = 1, 2

    class _Overlapped(ctypes.Structure):
        _fields_ = [("internal", ctypes.c_void_p), ("internal_high", ctypes.c_void_p),
                    ("offset", wintypes.DWORD), ("offset_high", wintypes.DWORD), ("event", wintypes.HANDLE)]

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)

    def _try_lock(descriptor: int, exclusive: bool) -> bool:
        handle, place = msvcrt.get_osfhandle(descriptor), _Overlapped()
        _kernel.UnlockFileEx(handle, 0, 1, 0, ctypes.byref(place))
        flags = _FAIL_IMMEDIATELY | (_EXCLUSIVE if exclusive else 0)
        return bool(_kernel.LockFileEx(handle, flags, 0, 1, 0, ctypes.byref(place)))
else:
    import fcntl

    def _try_lock(descriptor: int, exclusive: bool) -> bool:
        mode = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise
        return True


class FileLock:
    """A lock on `path`, made when missing. Not held until asked for; `release` may be called twice."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def attempt(self, *, exclusive: bool) -> bool:
        """Takes the lock, or changes the one held, without waiting. On False nothing is held any more."""
        while True:
            if self._descriptor < 0:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _try_lock(self._descriptor, exclusive):
                self.release()
                return False
            if self._is_current():
                return True
            self.release()

    def acquire(self, *, exclusive: bool, timeout_seconds: float = 600.0) -> bool:
        """Waits for the lock; False when it could not be had in time."""
        until = time.monotonic() + timeout_seconds
        while not self.attempt(exclusive=exclusive):
            if time.monotonic() >= until:
                return False
            time.sleep(_POLL_SECONDS)
        return True

    def release(self) -> None:
        """Lets go."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _is_current(self) -> bool:
        """Whether the locked file is still the one at the path, not one that was removed meanwhile."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except FileNotFoundError:
            return False

    def __enter__(self) -> FileLock:
        if not self.acquire(exclusive=True):
            raise TimeoutError(f"{self._path} is held by another program")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.release()
