"""age files: sealed and opened, recognised, refused; and that nobody stands still meanwhile."""

import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from age_by_hand import quick_age_file
from age_command import opened_by_age, sealed_by_age
from age_held import age_held
from partner_tokens.core import age_file
from partner_tokens.core.age_file import (
    ATTEMPTS,
    LEAST_WORK,
    MOST_WORK,
    SCRYPT,
    SealedFile,
    is_age,
    is_armoured,
    sealed,
    sealed_file,
    sealed_text,
)
from partner_tokens.core.errors.files import Unimportable, Unusable, WrongFilePassphrase
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.secret import Secret
from patience import PATIENCE

posix = pytest.mark.skipif(sys.platform == "win32", reason="age asks on a pty")

WORDS = "correct horse ñandú marker-7c1e"
PASSPHRASE = Secret(WORDS)
CONTENT = b'{"secret": "marker-inside"}\n' * 10_000


@pytest.fixture(scope="module")
def made() -> bytes:
    """What we sealed: it takes a second, so once for all."""
    return sealed(CONTENT, PASSPHRASE)


def reason(file: bytes | str, passphrase: Secret = PASSPHRASE) -> Unusable:
    with pytest.raises(Unimportable) as told:
        (sealed_text(file, "x") if isinstance(file, str) else sealed_file(file, "x")).opened(
            passphrase
        )
    return told.value.reason


def with_work(file: bytes, work: str) -> bytes:
    return re.sub(rb"(-> scrypt \S+) \d+", rb"\1 " + work.encode(), file, count=1)


# ---- the round trip, with the command of the same name ------------------------------------------


@posix
def test_what_we_seal_is_opened_by_the_command_age(made: bytes, tmp_path: Path) -> None:
    file = tmp_path / "ours.age"
    file.write_bytes(made)
    assert opened_by_age(file, WORDS) == CONTENT


@posix
@pytest.mark.parametrize("options", [(), ("--armor",)], ids=["binary", "armoured"])
def test_what_the_command_age_seals_is_opened_by_us(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    content = sealed_by_age(CONTENT, WORDS, tmp_path / "theirs.age", *options).read_bytes()
    if options:
        assert is_armoured(content.decode())
        file = sealed_text(f"\ufeff\r\n {content.decode()} \n".replace("\n", "\r\n"), "x")
    else:
        assert is_age(content)
        file = sealed_file(content, "x")
    assert file.opened(PASSPHRASE) == CONTENT


def test_what_we_seal_takes_enough_work_to_guess(made: bytes) -> None:
    stanza = SCRYPT.match(made.removeprefix(age_file.BEGINS))
    assert stanza is not None
    assert LEAST_WORK <= int(stanza[1]) <= MOST_WORK


def test_nothing_of_the_content_or_the_passphrase_can_be_seen(made: bytes) -> None:
    assert b"marker" not in made
    assert "marker" not in repr(sealed_file(made, "x"))


# ---- wrong, damaged, hostile --------------------------------------------------------------------


@pytest.fixture(scope="module")
def quick() -> bytes:
    """What another program sealed, with little work in it."""
    return quick_age_file(CONTENT, WORDS)


def test_a_file_by_the_specification_is_opened(quick: bytes) -> None:
    assert sealed_file(quick, "x").opened(PASSPHRASE) == CONTENT
    assert sealed_file(quick_age_file(b"", WORDS), "x").opened(PASSPHRASE) == b""


def test_a_wrong_passphrase_is_told_from_damage(quick: bytes) -> None:
    with pytest.raises(WrongFilePassphrase, match=r"does not open backup\.age"):
        sealed_file(quick, "backup.age").opened(Secret("another passphrase"))


def test_a_file_that_is_cut_or_changed_is_damaged(quick: bytes) -> None:
    changed = quick[:-9] + bytes([quick[-9] ^ 1]) + quick[-8:]
    cut = quick.replace(b"\n---", b"\n--", 1)
    for file in (quick[:-5], quick[:-70_000], changed, quick[:40], cut):
        assert reason(file) is Unusable.SEAL_BROKEN
    assert (
        reason(f"{age_file.ARMOUR_BEGINS}\nYWdl!\n{age_file.ARMOUR_ENDS}") is Unusable.SEAL_BROKEN
    )
    assert reason(age_file.ARMOUR_BEGINS) is Unusable.SEAL_BROKEN


def test_a_file_for_a_key_says_that_no_passphrase_opens_it() -> None:
    file = b"age-encryption.org/v1\n-> X25519 abc\nabc\n--- abc\n"
    assert reason(file) is Unusable.SEALED_FOR_KEY


@pytest.mark.parametrize("work", [str(MOST_WORK + 1), "30", "63", "999"])
def test_absurd_work_is_refused_before_any_of_it_is_done(
    work: str, quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(age_file, "_command", lambda: pytest.fail("it was begun"))
    assert reason(with_work(quick, work)) is Unusable.TOO_COSTLY


@pytest.mark.parametrize("work", ["0", "-1", "01", "1000", "99999999999999999999", "x", ""])
def test_work_that_is_no_number_is_damage(work: str, quick: bytes) -> None:
    assert reason(with_work(quick, work)) is Unusable.SEAL_BROKEN


def test_a_file_that_takes_too_long_is_given_up(
    quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(age_file, "PATIENCE", 0.2)
    begun = time.monotonic()
    assert reason(with_work(quick, str(MOST_WORK))) is Unusable.TOO_COSTLY
    assert time.monotonic() - begun < 5


@posix
def test_a_file_that_needs_more_memory_than_there_is_is_refused(quick: bytes) -> None:
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from partner_tokens.core.age_file import sealed_file\n"
        "from partner_tokens.core.secret import Secret\n"
        "sealed_file(sys.stdin.buffer.read(), 'x').opened(Secret('whatever it is'))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=with_work(quick, "21"),
        capture_output=True,
        timeout=60,
    )
    assert b"takes more time or memory" in done.stderr


def answers_by(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another process answers in the place of age's own."""
    monkeypatch.setattr(age_file, "_command", lambda: [sys.executable, "-I", "-c", program])


def test_a_process_that_met_a_bug_is_one_and_says_nothing_of_the_file(
    quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_by(monkeypatch, "raise SystemExit(1)")
    with pytest.raises(RuntimeError):
        sealed_file(quick, "x").opened(PASSPHRASE)
    with pytest.raises(RuntimeError):
        sealed(b"x", PASSPHRASE)


@posix
def test_a_process_that_the_system_killed_was_asked_too_much(
    quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_by(monkeypatch, f"import os; os.kill(os.getpid(), {signal.SIGKILL:d})")
    assert reason(quick) is Unusable.TOO_COSTLY
    with pytest.raises(RuntimeError):
        sealed(b"x", PASSPHRASE)


def test_a_process_that_does_not_end_is_ended(
    quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_by(monkeypatch, "import time; time.sleep(600)")
    monkeypatch.setattr(age_file, "PATIENCE", 0.2)
    assert reason(quick) is Unusable.TOO_COSTLY


def test_what_is_no_age_file_is_not_taken_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    answers_by(monkeypatch, "import sys; sys.stdout.buffer.write(b'+something else')")
    with pytest.raises(RuntimeError):
        sealed(b"x", PASSPHRASE)


@pytest.mark.parametrize(
    ("works", "taken", "made"),
    [
        ([LEAST_WORK, 9, 9], LEAST_WORK, 1),
        ([9, LEAST_WORK, 9], LEAST_WORK, 2),
        ([9, 12, 10], 12, ATTEMPTS),
    ],
)
def test_with_too_little_work_it_is_sealed_anew_and_a_slow_machine_is_believed_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: list[int], taken: int, made: int
) -> None:
    salt, tries = "A" * 22, tmp_path / "tries"
    program = (
        f"from pathlib import Path; tries = Path({str(tries)!r})\n"
        "before = tries.read_text() if tries.exists() else ''\n"
        "tries.write_text(before + '.')\n"
        f"print('+age-encryption.org/v1\\n-> scrypt {salt}', {works}[len(before)])\n"
    )
    answers_by(monkeypatch, program)
    found = SCRYPT.search(sealed(b"x", PASSPHRASE))
    assert found is not None
    assert (int(found[1]), len(tries.read_text())) == (taken, made)


def test_a_passphrase_of_seven_letters_or_of_no_text_seals_nothing() -> None:
    with pytest.raises(InputError) as told:
        sealed(b"x", Secret("1234567"))
    assert told.value.problem is Problem.PASSPHRASE_SHORT
    with pytest.raises(InputError) as told:
        sealed(b"x", Secret("no text \udc80 \udcff"))
    assert told.value.problem is Problem.NOT_TEXT


def test_other_threads_go_on_while_a_file_is_opened(
    quick: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's thread is one of them; pyrage alone would stop them all for a second."""
    opened: list[bytes] = []
    opener = threading.Thread(
        target=lambda: opened.append(sealed_file(quick, "x").opened(PASSPHRASE))
    )
    with age_held(monkeypatch) as wait_until_it_is_there:
        opener.start()
        wait_until_it_is_there()
        assert opened == []
    opener.join(PATIENCE)
    assert opened == [CONTENT]


@given(st.binary(max_size=300), st.sampled_from([b"", age_file.BEGINS, b"-> scrypt "]))
def test_junk_is_an_age_file_or_an_error_in_words(junk: bytes, head: bytes) -> None:
    with suppress(Unimportable):
        assert isinstance(sealed_file(head + junk, "x"), SealedFile)


@given(st.text(max_size=300), st.sampled_from(["", age_file.ARMOUR_BEGINS + "\n"]))
def test_junk_in_letters_is_an_age_file_or_an_error_in_words(junk: str, head: str) -> None:
    for text in (head + junk, f"{head}{junk}\n{age_file.ARMOUR_ENDS}"):
        with suppress(Unimportable):
            assert isinstance(sealed_text(text, "x"), SealedFile)
