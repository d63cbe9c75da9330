"""`python -m benchmarks.rules PROJECT`: the processor seconds of a cold load, and those of all rules, as two lines.

What the rules cost is judged by what it costs to read, decode and measure the same episodes and to judge their notes.
"""

import resource
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from podfeed.check.registry import ask, rules
from podfeed.checking import context
from podfeed.loading import load


def processor_seconds() -> float:
    """Of this process and of the workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    folder = Path(sys.argv[1])
    rules(), load(folder)  # imports, and the page cache
    shutil.rmtree(folder / ".podfeed", ignore_errors=True)
    start = processor_seconds()
    project = load(folder)
    loaded = processor_seconds()
    seen = context(project, datetime.now(UTC))
    ready = processor_seconds()
    for _ in ask(seen):
        pass
    print(loaded - start)
    print(processor_seconds() - ready)


if __name__ == "__main__":
    main()
