"""Each key press in the search field: until it is filtered, and until the list is painted."""

from bench.driven import driven
from bench.ground import Ground
from bench.table import Line, middle, p95

PROGRAM = """
words = ["organization 001", "gmbh token 2", "oy", "zzz", "0 1 2 3"]
filtered, painted = [], []
for _time in range(max(times // 5, 2)):
    for word in words:
        for letter in word:
            began = time.perf_counter()
            QTest.keyClicks(window.search, letter)
            filtered.append(time.perf_counter() - began)
            table.viewport().repaint()
            painted.append(time.perf_counter() - began)
            qt.processEvents()
        window.search.clear()
        qt.processEvents()
figures["filtered"], figures["painted"] = filtered, painted
"""


def measure(ground: Ground) -> list[Line]:
    """With 2,000 and 20,000 tokens."""
    lines = []
    for count in (2_000, 20_000):
        figures = driven(ground, count, PROGRAM)
        for name, goal in (("filtered", 16), ("painted", 50)):
            took = [1000 * each for each in figures[name]]
            what = f"key press until {name}, {count:,} tokens, p95"
            lines.append(Line(what, "ms", p95(took), goal, remark=f"median {middle(took):.1f}"))
    return lines
