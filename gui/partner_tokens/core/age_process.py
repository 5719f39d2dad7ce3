"""Seals and opens age files in a process of its own, started by `age_file`.

pyrage 1.4 holds Python's lock while it stretches a passphrase: measured, every other thread stood
still for 1.1 s, the window's too, and for a minute with a file made to be slow. Here it stops
nobody, memory that is asked for in vain ends only this process, and it can be ended at any time.
"""

import sys

import pyrage  # type: ignore[import-untyped]  # a compiled module without stubs

from partner_tokens.core.age_file import LENGTH_BYTES, Outcome, Verb


def carried_out(errand: bytes) -> bytes:
    """An outcome, then the content; `errand` is verb, length of the passphrase, both texts."""
    verb, rest = Verb(errand[:1]), errand[1:]
    length = int.from_bytes(rest[:LENGTH_BYTES], "big")
    passphrase = rest[LENGTH_BYTES:][:length].decode()
    content = rest[LENGTH_BYTES + length :]
    if verb is Verb.SEAL:
        return Outcome.DONE + bytes(pyrage.passphrase.encrypt(content, passphrase))
    try:
        return Outcome.DONE + bytes(pyrage.passphrase.decrypt(content, passphrase))
    except pyrage.DecryptError as error:
        return _outcome_of(str(error)).value


def _outcome_of(message: str) -> Outcome:
    """By its message: pyrage has nothing else to tell its errors apart; never translated."""
    if message == "Decryption failed":
        return Outcome.WRONG_PASSPHRASE
    if message.startswith("Excessive work parameter"):
        return Outcome.TOO_COSTLY
    return Outcome.BROKEN


def main() -> None:
    """One errand from standard input to standard output."""
    sys.stdout.buffer.write(carried_out(sys.stdin.buffer.read()))
