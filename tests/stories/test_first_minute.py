"""The first minute on a computer with a real keyring; and the demo, in a window of its own."""

from pathlib import Path

import pytest

from stories.harness import Stage

pytestmark = pytest.mark.story

GUIDE = "^First minute"


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A profile that nobody ever used."""
    return tmp_path / "fresh"


def test_the_guide_tells_of_the_keyring_and_leads_by_the_enter_key_to_a_key_in_it(
    stage: Stage, fresh: Path
) -> None:
    ears = stage.listen()
    program = stage.start("--profile", str(fresh))
    stage.desktop.focus(GUIDE)
    stage.sees(program, "Where your secrets are kept", "The key will go into your keyring")
    stage.desktop.keys("Return")
    ears.hears("The key is in Secret Service.")
    stage.desktop.keys("Return")
    ears.hears("Step 2 of 3: Paste one token and see it work")
    stage.desktop.keys("alt+n")
    ears.hears("Step 3 of 3: When you want to be reminded")
    stage.desktop.keys("Return")
    stage.desktop.sees_focus("^Partner Tokens$")
    stage.sees(program, "Keyring: Secret Service", "No tokens yet")


def test_the_demo_opens_beside_an_empty_list_and_leaves_it_empty(stage: Stage, fresh: Path) -> None:
    program = stage.open_first(fresh, "No tokens yet")
    before = stage.desktop.open_windows()
    stage.press(program, "Look at the demo")
    stage.desktop.waits_for_windows(before + 1)
    stage.sees(program, "The demo opens in a window of its own.")
    stage.desktop.keys("ctrl+q")  # the window that came last has the keys
    stage.desktop.waits_for_windows(before)
    stage.sees(program, "No tokens yet")
    assert program.process.poll() is None
