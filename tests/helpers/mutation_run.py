"""The mutation run: every mutation in turn, the test that must notice it, and a table of what happened.

`python -m helpers.mutation_run [part of a name]`; ends badly when a mutation was not noticed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence

from helpers.mutations import MUTATIONS, VARIABLE, Mutation

_FAILED, _NOT_BEGUN = 1, 99


def outcome(witnesses: Sequence[str], mutation: Mutation | None) -> tuple[int, str]:
    """How pytest ended with these tests, and its last words."""
    environment = {**os.environ, **({VARIABLE: mutation.name} if mutation else {})}
    for name in [name for name in environment if name.startswith(("PYTEST_", "COV_"))]:
        environment.pop(name)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", *witnesses], env=environment,
        capture_output=True, text=True, timeout=600, check=False)
    said = (done.stdout + done.stderr).splitlines()
    if any("ERROR at setup" in line for line in said):
        return _NOT_BEGUN, "\n".join(said[-8:])
    return done.returncode, "\n".join(said[-8:])


def is_noticed(mutation: Mutation) -> tuple[bool, str]:
    """Whether a test failed because of the mutation: not for want of a database, not for want of the test."""
    code, words = outcome([mutation.witness], mutation)
    return code == _FAILED, words


def main() -> int:
    chosen = [one for one in MUTATIONS if not sys.argv[1:] or sys.argv[1] in one.name]
    if not chosen:
        print(f"no mutation is called {sys.argv[1]}")
        return 2
    code, words = outcome(sorted({one.witness for one in chosen}), None)
    if code:
        print(words)
        print("the tests fail without any mutation")
        return 2
    survivors = 0
    for one in chosen:
        began = time.monotonic()
        noticed, words = is_noticed(one)
        survivors += not noticed
        print(f"{one.kind:10} {one.name:58} {'noticed' if noticed else 'NOT NOTICED':12}"
              f" {time.monotonic() - began:5.1f} s  {one.witness.rpartition('::')[2]}", flush=True)
        if not noticed:
            print(words)
    print(f"{len(chosen)} mutations, {survivors} not noticed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
