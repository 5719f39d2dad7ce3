"""The store's state machine at length; the parsers are fuzzed by the ordinary tests."""

from pathlib import Path

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from torture.machine import StoreMachine
from torture.table import Line

RUNS = 300
STEPS = 40


def torture(folder: Path, seed: int) -> list[Line]:
    """The lines of the table."""
    found = ""
    try:
        run_state_machine_as_test(
            StoreMachine,
            settings=settings(
                max_examples=RUNS, stateful_step_count=STEPS, deadline=None, database=None
            ),
        )
    except AssertionError as error:
        found = " ".join(str(error).split())[:200]
    what = f"the store against its model, {RUNS} runs of up to {STEPS} deeds"
    return [Line(what, "differs" if found else "the same", "the same", not found, found)]
