"""What a process does to a store until it is killed: one deed, told by a line of JSON.

Run as a program it is a forge: it loads everything once, and forks a fresh process for each line,
which opens store and keyring by itself. That one says what it has done as it goes.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from partner_tokens.core.columns import Usual
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.parts import Parts

ENDPOINT = "https://console.example"
Deed = Mapping[str, Any]


def secret_text(name: str, number: int) -> str:
    """An API token that tells whose it is, and which of its renewals."""
    return f"token-of-{name}-{number:06}".ljust(40, "0")


def organization_of(name: str) -> str:
    """Under which organization a token of this name is stored."""
    return f"Organization {name[-1]}"


def say(word: str) -> None:
    """Tells the parent, in one piece, whoever else is writing."""
    os.write(1, f"{word}\n".encode())


def add(parts: Parts, deed: Deed) -> None:
    """One token, by the dialog's way."""
    (name,) = deed["names"]
    secret = Secret(secret_text(name, deed["number"]))
    parts.registry.add(Draft(organization_of(name), name, ENDPOINT, secret), None)


def bring_in(parts: Parts, deed: Deed) -> None:
    """Many tokens out of a table."""
    from partner_tokens.core.importing import read_content

    lines = ["organization,name,token"]
    for name in deed["names"]:
        lines.append(f"{organization_of(name)},{name},{secret_text(name, deed['number'])}")
    reading = read_content("\n".join(lines).encode(), "list.csv")
    parts.intake.store(parts.intake.judge(reading.found, Usual(ENDPOINT)))


def replace(parts: Parts, deed: Deed) -> None:
    """A pasted token is sealed first, then swapped in: two transactions."""
    (name,) = deed["names"]
    row = _row(parts, name)
    secret = Secret(secret_text(name, deed["number"]))
    pending = parts.renewal.paste(row, secret, Expiry.unknown())
    say("1")
    parts.renewal.swap(pending, row, None, pending.expiry)


def remove(parts: Parts, deed: Deed) -> None:
    """Several tokens go to the trash."""
    parts.trash.put([_row(parts, name).id for name in deed["names"]])


def restore(parts: Parts, deed: Deed) -> None:
    """Several tokens come back."""
    removed = {one.token.name: one.token.id for one in parts.trash.tokens()}
    parts.trash.restore([removed[name] for name in deed["names"]])


def erase(parts: Parts, deed: Deed) -> None:
    """The trash is emptied, and all copies are replaced."""
    parts.trash.empty()


def rotate(parts: Parts, deed: Deed) -> None:
    """The data key is renewed, every secret sealed anew, the old entry deleted."""
    parts.locksmith.rotate(None)


def migrate(parts: Parts, deed: Deed) -> None:
    """A file of the first version is opened."""
    parts.store.tokens()


DEEDS: dict[str, Callable[[Parts, Deed], None]] = {
    "add": add, "import": bring_in, "replace": replace, "remove": remove, "restore": restore,
    "erase": erase, "rotate": rotate, "migrate": migrate,
}  # fmt: skip


def _row(parts: Parts, name: str) -> ApiToken:
    (row,) = (token for token in parts.store.tokens() if token.name == name)
    return row


def _do(deed: Deed) -> None:
    parts = Parts(profile_under(Path(deed["folder"])))
    if deed["deed"] != "migrate":
        parts.vault.unlock()
    say("begins")
    DEEDS[deed["deed"]](parts, deed)
    say("done")
    if deed["is_to_be_killed"]:
        signal.pause()


def main() -> None:
    """Forks a process for each line of standard input, and says when it has ended."""
    for name in ("asking", "broker", "intake", "locksmith", "renewal", "trash", "vault"):
        __import__(f"partner_tokens.core.{name}")
    __import__("keyring.backends.SecretService")
    __import__("secretstorage")
    for line in sys.stdin:
        deed = json.loads(line)
        child = os.fork()
        if not child:
            try:
                _do(deed)
            except BaseException as error:  # noqa: BLE001  # whatever it was, the parent is told
                say(f"failed: {type(error).__name__}: {error}")
            os._exit(0)
        say(f"{child}")
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
