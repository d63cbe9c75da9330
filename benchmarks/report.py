"""From the figures of all runs to what people and scripts read: medians, ratios, gates, growth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

#: Figure → its values, one or more for each round.
Runs = dict[str, list[float]]

LABELS = {
    "podfeed cold": "podfeed build, cold",
    "podfeed unchanged": "podfeed build, nothing changed",
    "podfeed changed": "podfeed build, one episode changed",
    "podfeed written": "podfeed build, one episode changed: files written",
    "podfeed check cold": "podfeed check, cold",
    "podfeed check warm": "podfeed check, warm",
    "podfeed check one": "podfeed check, one file",
    "podfeed reading": "reading, decoding, measuring, notes: processor",
    "podfeed rules": "all rules: processor",
    "podfeed lint": "podfeed lint, 10 MB",
    "podfeed lint memory": "podfeed lint, 10 MB: peak memory",
    "podfeed help": "podfeed --help",
    "python": "Python alone",
    "podfeed memory": "podfeed build, cold: peak memory",
    "hugo cold": "hugo, cold",
    "hugo unchanged": "hugo, nothing changed",
    "hugo memory": "hugo, cold: peak memory",
    "eleventy cold": "eleventy, cold",
    "eleventy unchanged": "eleventy, nothing changed",
    "eleventy memory": "eleventy, cold: peak memory",
}
#: Ratio → what is divided by what. Hugo builds everything anew for one changed page, so it stands at "unchanged" too.
RATIOS = {
    "cold": ("podfeed cold", "hugo cold"),
    "nothing changed": ("podfeed unchanged", "hugo unchanged"),
    "one episode changed": ("podfeed changed", "hugo unchanged"),
    "peak memory": ("podfeed memory", "hugo memory"),
    "rules / reading": ("podfeed rules", "podfeed reading"),
}
#: The figures that grow with the number of episodes.
GROWING = ("podfeed cold", "podfeed unchanged", "podfeed changed", "podfeed check cold", "podfeed check warm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A figure, beside what it should be at most."""

    name: str
    found: float | None
    gate: float
    goal: float | None = None

    @property
    def verdict(self) -> str:
        if self.found is None:
            return "not measured"
        if self.found > self.gate:
            return "fail"
        return "pass" if self.goal is None or self.found > self.goal else "pass, goal reached"


def medians(runs: Runs) -> dict[str, float]:
    return {name: median(values) for name, values in runs.items() if values}


def ratios(found: Mapping[str, float]) -> dict[str, float]:
    return {
        name: found[ours] / found[theirs] for name, (ours, theirs) in RATIOS.items() if {ours, theirs} <= set(found)
    }


def growth(found: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """How many times as much 10,000 episodes take as 1,000."""
    small, large = found.get("1000", {}), found.get("10000", {})
    return {name: large[name] / small[name] for name in LABELS if name in small and name in large}


def gates(found: Mapping[str, Mapping[str, float]]) -> list[Gate]:
    """The gates; a corpus that was not measured leaves its gates open."""
    small, large = ratios(found.get("1000", {})), ratios(found.get("10000", {}))
    largest = found[max((size for size in found if size.isdecimal()), key=int)]
    grown = growth(found)
    slowest = max((grown[name] for name in GROWING if name in grown), default=None)
    return [
        Gate(name="10,000 cold / hugo", found=large.get("cold"), gate=1.5, goal=0.75),
        Gate(name="1,000 cold / hugo", found=small.get("cold"), gate=1.5, goal=0.9),
        Gate(name="10,000 nothing changed / hugo", found=large.get("nothing changed"), gate=0.08, goal=0.04),
        Gate(name="10,000 one episode changed / hugo", found=large.get("one episode changed"), gate=0.2, goal=0.08),
        # Its page, its feed, and the map of its show.
        Gate(name="files written for one episode changed", found=largest.get("podfeed written"), gate=3),
        Gate(name="10,000 peak memory / hugo", found=large.get("peak memory"), gate=0.3, goal=0.2),
        Gate(name="check of one file, seconds", found=largest.get("podfeed check one"), gate=0.2),
        Gate(name="1,000 rules / reading", found=small.get("rules / reading"), gate=0.6),
        Gate(name="1,000 check cold, seconds", found=found.get("1000", {}).get("podfeed check cold"), gate=1.5),
        Gate(name="1,000 check warm, seconds", found=found.get("1000", {}).get("podfeed check warm"), gate=0.4),
        Gate(name="lint of 10 MB, seconds", found=largest.get("podfeed lint"), gate=2),
        Gate(name="lint of 10 MB, bytes of memory", found=largest.get("podfeed lint memory"), gate=200e6),
        Gate(name="--help, seconds", found=largest.get("podfeed help"), gate=0.12),
        Gate(name="growth 1,000 → 10,000, the worst", found=slowest, gate=11),
    ]


def text(found: Mapping[str, Mapping[str, float]]) -> str:
    """The tables for people; *found* holds medians by corpus, as gates() wants them."""
    sizes, grown, shares = list(found), growth(found), {size: ratios(found[size]) for size in found}
    figures = [
        (label, *(amount(name, found[size].get(name)) for size in sizes), number(grown.get(name), "{:.1f} ×"))
        for name, label in LABELS.items()
    ]
    compared = [(name, *(number(shares[size].get(name), "{:.3f}") for size in sizes), "") for name in RATIOS]
    passed = [
        (gate.name, number(gate.found, "{:.3f}"), f"{gate.gate:g}", number(gate.goal, "{:g}"), gate.verdict)
        for gate in gates(found)
    ]
    heads = [f"{int(size):,}" if size.isdecimal() else size for size in sizes]
    return "\n\n".join(
        (
            table(("episodes", *heads, "1,000 → 10,000"), figures),
            table(("podfeed / hugo", *heads, ""), compared),
            table(("gate", "found", "gate", "goal", ""), passed),
        )
    )


def amount(name: str, value: float | None) -> str:
    if value is not None and name.endswith("memory"):
        return f"{value / 1e6:,.0f} MB"
    if value is not None and name.endswith("written"):
        return f"{value:.0f}"
    return number(value, "{:.3f} s")


def number(value: float | None, form: str) -> str:
    return form.format(value) if value is not None else "–"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns by blanks: the first to the left, the others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    align: list[Callable[[str, int], str]] = [str.ljust, *[str.rjust] * (len(head) - 1)]
    lines = [
        "  ".join(put(cell, width) for put, cell, width in zip(align, row, widths, strict=True))
        for row in (head, *rows)
    ]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(line.rstrip() for line in lines)
