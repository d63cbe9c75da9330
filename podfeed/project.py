"""The front door: one function per verb.

files ─read→ Source ─decode→ Show·Episode ─measure→ Facts ─check→ Diagnostics
      Show·Episode·Facts·lock ─compose→ Feed ─render→ Files ─mirror→ folder

    project = podfeed.load("my-podcast")
    diagnostics = podfeed.check(project, now=now)
    files = podfeed.build(project, now=now)
"""

from __future__ import annotations

import podfeed
from podfeed.building import build
from podfeed.checking import check
from podfeed.loading import Project, load

__all__ = ["Project", "build", "check", "load"]

# The room check/ and the verb share a name; for callers of `podfeed.check` the verb wins.
podfeed.check = check
