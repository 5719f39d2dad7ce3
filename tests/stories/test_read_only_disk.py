"""A list on a disk that may only be read: shown, copied from, changed once the disk allows it."""

from pathlib import Path

import pytest

from hindered import make_writable, on_a_read_only_disk
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.stored import known, store
from torture.disk import can_mount

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not can_mount(), reason="this system allows no disk of our own"),
]

CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam")
SAID = "Your list can only be read now."


def test_a_header_is_copied_a_change_refused_and_then_made(
    stage: Stage, profile: Path, service: Sandbox
) -> None:
    store(profile, stage.keyring, service, CONTOSO, FABRIKAM)
    stage.under = tuple(on_a_read_only_disk(profile))
    program = stage.open(profile, "Fabrikam", "Keyring: Secret Service", SAID)
    stage.sees(program, f"{profile} lies on a read-only disk.")
    desktop = stage.desktop
    desktop.keys("Return")
    header = wait_for(lambda: desktop.clipboard().partition("csp-auth-token: ")[2], "a header")
    assert service.holder_of(str(header)) == CONTOSO
    stage.sees(program, "csp-auth-token for Contoso copied")
    desktop.keys("ctrl+d")
    wait_for(lambda: stage.tree(program).words().count(SAID) == 2, "banner and notice")
    assert len(stage.tree(program).rows()) == 2

    make_writable(profile, program.process.pid)
    wait_for(lambda: stage.tree(program).words().count(SAID) == 1, "the banner is gone")
    desktop.keys("ctrl+d")
    wait_for(lambda: "pinned" in stage.tree(program).rows()[0], "the change is made")
    desktop.keys("ctrl+q")
    assert (program.ended(), program.errors) == (0, "")
