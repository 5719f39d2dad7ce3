"""One errand of age's own process, done here: so that each of its answers is looked at."""

import io
import sys
from types import SimpleNamespace

import pytest

from age_by_hand import quick_age_file
from partner_tokens.core.age_file import LENGTH_BYTES, Outcome, Verb
from partner_tokens.core.age_process import carried_out, main

PASSPHRASE = "correct horse"


def errand(verb: Verb, content: bytes, passphrase: str = PASSPHRASE) -> bytes:
    words = passphrase.encode()
    return b"".join((verb, len(words).to_bytes(LENGTH_BYTES, "big"), words, content))


def test_what_it_seals_it_opens() -> None:
    made = carried_out(errand(Verb.SEAL, b"inside"))
    assert made.startswith(Outcome.DONE)
    assert b"inside" not in made
    opened = carried_out(errand(Verb.OPEN, made.removeprefix(Outcome.DONE)))
    assert opened == Outcome.DONE + b"inside"


def test_each_failure_has_an_answer_of_its_own() -> None:
    file = quick_age_file(b"inside", PASSPHRASE)
    assert carried_out(errand(Verb.OPEN, file)) == Outcome.DONE + b"inside"
    assert carried_out(errand(Verb.OPEN, file, "wrong horse")) == Outcome.WRONG_PASSPHRASE
    assert carried_out(errand(Verb.OPEN, file[:-1])) == Outcome.BROKEN
    assert carried_out(errand(Verb.OPEN, b"no age file")) == Outcome.BROKEN
    costly = file.replace(b" 8\n", b" 40\n", 1)
    assert costly != file
    assert carried_out(errand(Verb.OPEN, costly)) == Outcome.TOO_COSTLY


def test_it_reads_an_errand_and_writes_the_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    file = quick_age_file(b"inside", PASSPHRASE)
    out = io.BytesIO()
    given = SimpleNamespace(buffer=io.BytesIO(errand(Verb.OPEN, file)))
    monkeypatch.setattr(sys, "stdin", given)
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
    main()
    assert out.getvalue() == Outcome.DONE + b"inside"
