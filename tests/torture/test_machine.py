"""The store does what its model does, in a few hundred steps; `dev.py torture` takes many more."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from torture.machine import StoreMachine


def test_the_store_does_what_its_model_does() -> None:
    run_state_machine_as_test(
        StoreMachine,
        settings=settings(max_examples=12, stateful_step_count=25, deadline=None, derandomize=True),
    )
