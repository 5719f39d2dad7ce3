"""One line of the torture's table: what was done to the program, how often, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`wish` is what the issue of it is to be, `found` what it was."""

    what: str
    found: str
    wish: str
    met: bool
    remark: str = ""

    def cells(self) -> tuple[str, ...]:
        """As the table shows it."""
        return self.what, self.found, self.wish, "met" if self.met else "MISSED", self.remark


HEAD = ("what", "found", "goal", "", "remark")


def table(lines: Sequence[Line]) -> str:
    """All lines as a Markdown table."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in lines)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
