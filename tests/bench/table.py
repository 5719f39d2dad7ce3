"""One line of the bench's table: what was measured, against what, and whether the goal is met."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """`ours` and `theirs` are in the same unit; `goal` bounds `ours` itself, or its ratio."""

    what: str
    unit: str
    ours: float
    goal: float | None = None
    against: str = ""
    theirs: float | None = None
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours by theirs, where there is something to compare with."""
        return self.ours / self.theirs if self.theirs else None

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        if self.goal is None or (self.against and self.theirs is None):
            return None
        return (self.ours if self.ratio is None else self.ratio) <= self.goal

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        ratio = self.ratio
        bound = "" if self.goal is None else f"≤ {self.goal:g} {'×' if self.against else self.unit}"
        return (
            self.what,
            f"{self.ours:.4g} {self.unit}",
            self._other(),
            "" if ratio is None else f"{ratio:.2f} ×",
            bound,
            {None: "", True: "met", False: "MISSED"}[self.met],
            self.remark,
        )

    def _other(self) -> str:
        if self.theirs is None:
            return f"{self.against}: not installed" if self.against else ""
        return f"{self.against}: {self.theirs:.4g} {self.unit}"


HEAD = ("what", "ours (median)", "against", "ratio", "goal", "", "remark")


def table(lines: Sequence[Line]) -> str:
    """All lines as a Markdown table."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def middle(figures: Sequence[float]) -> float:
    """The median."""
    return median(figures)


def p95(figures: Sequence[float]) -> float:
    """So much 95 of 100 stay below."""
    ordered = sorted(figures)
    return ordered[min(round(0.95 * len(ordered)), len(ordered) - 1)]
