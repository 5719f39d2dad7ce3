"""What other programs of the user may say to the running one, sense or nonsense."""

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ui.world import World

TEXTS = st.text(st.characters() | st.sampled_from("\0\ud800\n"), max_size=12)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "do": st.sampled_from(["raise", "quick", "copy", "lend", "hand out", "may open"]) | TEXTS,
        "words": TEXTS | st.lists(TEXTS, max_size=3),
        "activation": TEXTS | st.none(),
        "format": TEXTS | st.integers(),
        "token": TEXTS,
    },
)


def test_any_wish_is_done_or_declined_and_the_program_goes_on(world: World) -> None:
    world.store("c", "Contoso")
    world.start()

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @example({"do": "raise", "activation": "\0"})
    @example({"do": "quick", "activation": "\ud800"})
    @example({"do": "copy", "words": "\ud800", "activation": ""})
    @given(WISHES)
    def ask(wish: dict[str, Any]) -> None:
        assert world.deeds.calls.answer(wish)
        world.qt.processEvents()

    ask()
    world.deeds.quick.close()
    world.deeds.calls.answer({"do": "copy", "words": "contoso", "activation": ""})
    world.until(lambda: world.clipboard().startswith("csp-auth-token: "))


def test_who_is_answered_when_the_program_has_stopped_wakes_nothing_of_qts(world: World) -> None:
    world.store("c", "Contoso")
    world.start()
    calls, lending = world.deeds.calls, world.deeds.lending
    heard: list[object] = []
    signals = (calls.raise_wanted, calls.quick_wanted, calls.copy_wanted, lending.lent)
    for signal in signals:
        signal.connect(lambda *words: heard.append(words))  # in this thread: at once
    world.application.stop()
    for do in ("raise", "quick", "copy"):
        calls.answer({"do": do, "words": "contoso", "activation": ""})
    calls.answer({"do": "hand out", "words": ["contoso"], "form": "header"})
    assert heard == []
