"""The vault opened and all secrets unsealed; imports of 200, 2,000 and 8,000 rows."""

import time

from bench.ground import Ground
from bench.table import Line, middle
from partner_tokens.core.columns import Usual
from partner_tokens.core.importing import read_text
from partner_tokens.core.keychain import system_backend

MOST = 8_000
"""Rows; an import takes at most 10,000 lines at a time."""
LINEAR = 1.1
"""What grows exactly as its input is measured a little above it every other time."""
READS = 40
"""Single reads of the keyring, from which 2,000 are reckoned."""


def measure(ground: Ground) -> list[Line]:
    """Libraries are imported; the keyring is open. The largest import is made three times."""
    unsealed: list[float] = []
    imported: dict[int, list[float]] = {200: [], 2_000: [], MOST: []}
    with ground.session():
        for turn in range(ground.times):
            unsealed.append(_unseal(ground))
            for count, figures in imported.items():
                if count <= 2_000 or turn < 3:
                    figures.append(_import(ground, count, turn))
        single = _single_reads()
    took = {count: middle(figures) for count, figures in imported.items()}
    what = "import {:,} rows: read, judge, store"
    return [
        Line("open the vault and unseal 2,000 tokens", "ms", 1000 * middle(unsealed), 100,
             remark=f"2,000 single keyring reads: {2_000 * single:.0f} s (from {READS})"),
        *(
            Line(what.format(more), "s", took[more], LINEAR * more / fewer, f"of {fewer:,}",
                 took[fewer], "no worse than linear, within a tenth")
            for fewer, more in ((200, 2_000), (2_000, MOST))
        ),
    ]  # fmt: skip


def _unseal(ground: Ground) -> float:
    parts = ground.parts(ground.profile(2_000))
    vault, store = parts.vault, parts.store
    tokens = store.tokens()
    began = time.perf_counter()
    vault.unlock()
    for token in tokens:
        sealed = store.sealed(token.id)
        vault.open(sealed, token_id=token.id, endpoint=token.endpoint, kind=token.kind)
    took = time.perf_counter() - began
    parts.close()
    return took


def _import(ground: Ground, count: int, turn: int) -> float:
    parts = ground.parts(ground.folder / f"import-{count}-{turn}")
    parts.vault.begin_with_keyring()
    rows = "\n".join(
        f"{ground.known(n).organization},token {n},{ground.known(n).api_token},2031-01-31"
        for n in range(count)
    )
    began = time.perf_counter()
    reading = read_text(f"organization,name,token,expires\n{rows}\n")
    judged = parts.intake.judge(reading.found, Usual(ground.service.url))
    parts.intake.store([row for row in judged if row.can_be_stored])
    took = time.perf_counter() - began
    assert len(parts.store.tokens()) == count
    parts.close()
    return took


def _single_reads() -> float:
    backend = system_backend()
    backend.set_password("bench", "single", "x" * 64)
    began = time.perf_counter()
    for _time in range(READS):
        backend.get_password("bench", "single")
    return (time.perf_counter() - began) / READS
