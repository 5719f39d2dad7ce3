"""Whose token is this: by its fingerprint, in the list or in the trash."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from clock import MovableClock
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend

TEXT = "an-api-token-0123456789"


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Parts]:
    backend = MemoryBackend("Memory")
    made = Parts(profile_under(tmp_path), clock=MovableClock(), open_backend=lambda: backend)
    made.vault.begin_with_keyring()
    yield made
    made.close()


def test_a_token_is_known_in_the_list_then_in_the_trash_then_no_more(parts: Parts) -> None:
    draft = Draft("Fabrikam", "ci", "https://console.navigator.vmware.com", Secret(TEXT))
    stored = parts.registry.add(draft, None)
    found = parts.recognition.recognize(Secret(TEXT))
    assert found is not None
    assert (found.token, found.in_trash) == (stored, False)
    assert parts.recognition.recognize(Secret(f"{TEXT}x")) is None
    parts.trash.put([stored.id])
    found = parts.recognition.recognize(Secret(TEXT))
    assert found is not None
    assert (found.token, found.in_trash) == (stored, True)
    parts.trash.empty()
    assert parts.recognition.recognize(Secret(TEXT)) is None


def test_nothing_is_known_while_the_vault_is_closed(parts: Parts) -> None:
    parts.vault.close()
    with pytest.raises(Locked):
        parts.recognition.recognize(Secret(TEXT))
