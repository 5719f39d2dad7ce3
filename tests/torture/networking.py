"""The network part of the table: what is said of each failure, who heard a token, the heartbeat."""

from datetime import timedelta
from pathlib import Path

from partner_tokens.core.clock import utc_now
from partner_tokens.core.diagnosis import Diagnosis
from partner_tokens.core.ladder import Step
from partner_tokens.core.rungs import fact_words
from partner_tokens.core.transport import Transport
from torture.heartbeat import beats, p99
from torture.network import (
    ROWS,
    Ground,
    ground_in,
    leaks,
    said_of_each_status,
    sentence,
    told_alike,
    waits_too_long,
)
from torture.table import Line

PATIENCE = timedelta(seconds=15)
"""As in the program."""

BEATS_FOR = 60.0
"""Seconds."""


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table."""
    (folder / "rows").mkdir()
    (folder / "beats").mkdir()
    with ground_in(folder / "rows") as ground:
        lines = _told(ground)
    with ground_in(folder / "beats") as ground:
        late = beats(ground, folder / "beats", BEATS_FOR)
        stray = leaks(ground)
    window, empty = late["window"], late["empty"]
    beside = f"an empty program beside it: p99 {p99(empty):.0f} ms, longest {max(empty):.0f} ms"
    return [
        *lines,
        Line("the window meanwhile: tokens heard elsewhere", str(len(stray)), "0", not stray),
        Line("the window's heartbeat, p99", f"{p99(window):.0f} ms late", "≤ 50 ms",
             p99(window) <= 50, f"{len(window):,} beats; {beside}"),
        Line("the window's heartbeat, longest", f"{max(window):.0f} ms late", "≤ 100 ms",
             max(window) <= 100),
    ]  # fmt: skip


def _told(ground: Ground) -> list[Line]:
    said, lines = {}, []
    for name, make in ROWS.items():
        words, error = sentence(ground, make(ground), PATIENCE)
        said[name] = words
        is_long = name == "Retry-After of a year" and waits_too_long(error)
        lines.append(Line(f"network: {name}", words, "a sentence of its own", not is_long))
    alike = {name for pair in told_alike(said) for name in pair}
    lines = [
        Line(line.what, line.found, line.wish, line.met and line.what[9:] not in alike)
        for line in lines
    ]
    unsaid = [status for status, (_, error) in said_of_each_status(ground).items() if not error]
    stray = leaks(ground)
    lines += [
        Line("network: every status from 300 to 599", f"{300 - len(unsaid)} failures told", "300",
             not unsaid),
        _clock_line(ground),
        Line("tokens heard by a second host, a proxy or in the open", str(len(stray)), "0",
             not stray, "; ".join(stray[:3])),
    ]  # fmt: skip
    return lines


def _clock_line(ground: Ground) -> Line:
    """The ladder says by how much the service's clock differs."""
    transport = Transport(clock=utc_now, proxies=lambda url: None)
    ladder = Diagnosis(transport, utc_now).climb(ROWS["Date hours off"](ground).endpoint)
    transport.close()
    rung = next(rung for rung in ladder.rungs if rung.stage is Step.CLOCK)
    words = fact_words(rung, ladder)
    return Line("network: Date hours off, in the ladder", words, "says by how much", "5" in words)
