"""Looks for a secret in everything a program has left: raw, encoded in any usual way, by parts."""

import base64
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from desktop import Program
from partner_tokens.sandbox.service import Sandbox
from stories.harness import Stage

PART = 24
"""Of a long secret, so many signs in a row are too much."""

Places = Mapping[str, bytes]
"""What was found where: a file, a stream, a title."""


def files_under(folder: Path) -> dict[str, bytes]:
    """All files there are now."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def shown_by(stage: Stage, program: Program, moment: str) -> dict[str, bytes]:
    """What a running program shows to others: its process, its windows, its accessible tree."""
    process = Path("/proc") / str(program.process.pid)
    seen = {name: (process / name).read_bytes() for name in ("cmdline", "environ")}
    seen["titles"] = "\n".join(stage.desktop.titles()).encode()
    nodes = stage.tree(program, whole=True).walk()
    seen["tree"] = "\n".join(f"{n.name}\n{n.description}\n{n.text}" for n in nodes).encode()
    return {f"{moment}: {place}": content for place, content in seen.items()}


def access_tokens(service: Sandbox) -> set[str]:
    """All that came back to the service, and each of their own parts."""
    sent = {r.headers["csp-auth-token"] for r in service.requests if "csp-auth-token" in r.headers}
    return {part for text in sent for part in (text, *text.split(".")[1:])}


def found_in(places: Places, *secrets: str) -> list[str]:
    """The places that hold one of the secrets in any form, or a good part of one."""
    forms = {form for secret in secrets for form in _forms(secret)}
    contents = {content: _any_in(content, forms) for content in set(places.values())}
    return [place for place, content in places.items() if contents[content]]


def _any_in(content: bytes, forms: set[bytes]) -> bool:
    return any(form in content for form in forms)


def _forms(secret: str) -> set[bytes]:
    raw = secret.encode()
    escaped = {quote(secret, safe="").encode(), quote_plus(secret).encode()}
    parts = {raw[at : at + PART] for at in range(0, len(raw) - PART, PART // 2)}
    return escaped.union(*map(_encoded, {raw, *parts}))


def _encoded(raw: bytes) -> set[bytes]:
    text = raw.decode()
    wide = {text.encode("utf-16-le"), text.encode("utf-16-be")}
    hexes = {raw.hex().encode(), raw.hex().upper().encode()}
    return {raw, *wide, *hexes, *_in_base64(raw)}


def _in_base64(raw: bytes) -> set[bytes]:
    """Wherever it stands in what was encoded: the signs that its neighbours have no part in."""
    forms = set()
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw)
        whole = (before + len(raw)) // 3 * 4
        kept = encoded[4 if before else 0 : whole]
        forms |= {kept, kept.translate(bytes.maketrans(b"+/", b"-_"))}
    return forms
