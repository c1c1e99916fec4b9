"""Run tests that need a desktop once more, where only such have failed. CI calls it.

    pytest --outcomes FIRST.json; python -m tools.rerun_desktop FIRST.json

Other people's window managers and sound servers share the machine with the tests and may answer too
late. A test that needs none of them is never run twice. Exits with 0 only if pytest ran to its
end, all that failed needs a desktop, and each of these passes now.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What `--outcomes` wrote.

    Attributes:
        status: pytest's.
        passed: Tests whose call passed.
        failed: Tests of which any part failed, and whether each needs a desktop.
    """

    status: int
    passed: Sequence[str]
    failed: Mapping[str, bool]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file; where pytest broke off there is none, or half of one."""
        try:
            return cls(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return cls(pytest.ExitCode.INTERNAL_ERROR, (), {})

    @property
    def may_be_chance(self) -> bool:
        """Whether pytest ran to its end and all that failed needs a desktop."""
        failed_alone = self.status == pytest.ExitCode.TESTS_FAILED
        return failed_alone and bool(self.failed) and all(self.failed.values())

    def excuses(self, failed: Mapping[str, bool]) -> bool:
        """Whether all that had failed passed in this run."""
        return self.status == pytest.ExitCode.OK and set(failed) <= set(self.passed)


def main() -> int:
    """Judge the first run, and run again what may be."""
    path = Path(sys.argv[1])
    first = Outcomes.read(path)
    if not first.may_be_chance:
        print("Nothing is run again: not only tests that need a desktop failed.")
        return 1
    print(f"{len(first.failed)} tests failed that need a desktop. Once more, these alone:")
    print("\n".join(f"  {name}" for name in first.failed), flush=True)
    again = path.with_suffix(".again.json")
    again.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"--outcomes={again}", *first.failed]
    subprocess.run(command, check=False)
    has_passed = Outcomes.read(again).excuses(first.failed)
    print(f"The second time, these tests {'passed' if has_passed else 'FAILED AGAIN'}.")
    return 0 if has_passed else 1


if __name__ == "__main__":
    sys.exit(main())
