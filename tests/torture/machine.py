"""The store against a simple model: whatever is done in whatever order, both hold the same."""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from clock import MovableClock
from partner_tokens.core.errors.keys import Locked
from partner_tokens.core.errors.tokens import DuplicateToken, SameToken
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.profile import profile_under
from partner_tokens.core.registry import Draft
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from torture.deeds import bring_in, secret_text

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
ENDPOINTS = ("https://console.example", "https://other.example:8443")
SECRETS = st.integers(0, 12)
"""Few, so that the same one is met again."""


class StoreMachine(RuleBasedStateMachine):
    """`live`, `removed` and `pending` are the model: which secret each row holds."""

    rows: Bundle[str] = Bundle("rows")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-"))
        self.backend = MemoryBackend()
        self.clock = MovableClock(NOW)
        self.live: dict[str, str] = {}
        self.removed: dict[str, str] = {}
        self.pending: dict[str, str] = {}
        self.count = 0
        self.parts = self._started()
        self.parts.vault.begin_with_keyring()

    def teardown(self) -> None:
        self.parts.close()
        shutil.rmtree(self.folder)

    def _started(self) -> Parts:
        return Parts(
            profile_under(self.folder / "profile"),
            clock=self.clock,
            open_backend=lambda: self.backend,
        )

    def _row(self, id: str) -> ApiToken:
        return self.parts.store.token(id)

    def _name(self) -> str:
        self.count += 1
        return f"t{self.count}"

    @property
    def is_open(self) -> bool:
        """Whether the program has the key."""
        return self.parts.vault.is_open

    # ---- deeds --------------------------------------------------------------------------------

    @initialize(target=rows)
    def first(self) -> str:
        """One row, so that there is something to do."""
        return self._added(0, ENDPOINTS[0])

    @rule(target=rows, number=SECRETS, endpoint=st.sampled_from(ENDPOINTS))
    def add(self, number: int, endpoint: str) -> "str | MultipleResults[str]":
        """A token is stored once; one in the trash with the same secret is erased by it."""
        secret = secret_text("x", number)
        draft = Draft("Contoso", self._name(), endpoint, Secret(secret))
        try:
            token = self.parts.registry.add(draft, None)
        except Locked:
            assert not self.is_open
            return multiple()
        except DuplicateToken:
            assert secret in self.live.values()
            return multiple()
        assert secret not in self.live.values()
        self._forget_removed(secret)
        self.live[token.id] = secret
        return token.id

    def _added(self, number: int, endpoint: str) -> str:
        secret = secret_text("x", number)
        draft = Draft("Contoso", self._name(), endpoint, Secret(secret))
        token = self.parts.registry.add(draft, None)
        self.live[token.id] = secret
        return token.id

    def _forget_removed(self, secret: str) -> None:
        """What waits for its successor stays."""
        for id in [i for i, s in self.removed.items() if s == secret and i not in self.pending]:
            del self.removed[id]

    @rule(target=rows, number=st.integers(20, 10_000), count=st.integers(1, 4))
    def import_some(self, number: int, count: int) -> "str | MultipleResults[str]":
        """New ones, out of a table."""
        names = [self._name() for _ in range(count)]
        before = {token.id for token in self.parts.store.tokens()}
        try:
            bring_in(self.parts, {"names": names, "number": number})
        except Locked:
            assert not self.is_open
            return multiple()
        new = [token for token in self.parts.store.tokens() if token.id not in before]
        assert sorted(token.name for token in new) == sorted(names)
        for token in new:
            self.live[token.id] = secret_text(token.name, number)
        return multiple(*(token.id for token in new))

    @rule(id=rows, number=SECRETS | st.none(), endpoint=st.sampled_from(ENDPOINTS))
    def edit(self, id: str, number: int | None, endpoint: str) -> None:
        """Secret and endpoint of a row change, or the one without the other."""
        if id not in self.live:
            return
        seen = self._row(id)
        secret = None if number is None else secret_text("x", number)
        draft = Draft(
            seen.organization.name, self._name(), endpoint, Secret(secret) if secret else None
        )
        needs_key = secret is not None or endpoint != seen.endpoint
        try:
            self.parts.registry.edit(seen, draft, None)
        except Locked:
            assert needs_key
            assert not self.is_open
        except DuplicateToken:
            assert secret in {s for other, s in self.live.items() if other != id}
        else:
            assert secret not in {s for other, s in self.live.items() if other != id}
            self.live[id] = secret or self.live[id]

    @rule(id=rows, number=SECRETS)
    def paste(self, id: str, number: int) -> None:
        """A successor waits; one that waited before goes to the trash."""
        if id not in self.live:
            return
        secret = secret_text("x", number)
        try:
            self.parts.renewal.paste(self._row(id), Secret(secret), Expiry.unknown())
        except Locked:
            assert not self.is_open
        except (SameToken, DuplicateToken):
            others = {s for other, s in self.pending.items() if other != id}
            assert secret in {*self.live.values(), *others}
        else:
            self.pending[id] = secret
            self._follow()

    @rule(target=rows, id=rows)
    def swap(self, id: str) -> "str | MultipleResults[str]":
        """The successor takes its place, the row goes to the trash."""
        if id not in self.live or id not in self.pending:
            return multiple()
        pending = self.parts.pending.of(id)
        assert pending is not None
        try:
            new = self.parts.renewal.swap(pending, self._row(id), None, pending.expiry)
        except Locked:
            assert not self.is_open
            return multiple()
        except (SameToken, DuplicateToken):
            assert self.pending[id] in self.live.values()
            return multiple()
        self.removed[id] = self.live.pop(id)
        self.live[new.id] = self.pending.pop(id)
        self._follow()
        return new.id

    @rule(id=rows)
    def remove(self, id: str) -> None:
        """Into the trash."""
        if id in self.live:
            self.parts.trash.put([id])
            self.removed[id] = self.live.pop(id)

    @rule(id=rows)
    def restore(self, id: str) -> None:
        """Back from it, unless its secret is stored anew."""
        if id in self.removed:
            back = self.parts.trash.restore([id])
            if self.removed[id] in self.live.values():
                assert [token.id for token, _error in back.refused] == [id]
            else:
                self.live[id] = self.removed.pop(id)

    @rule()
    def empty_trash(self) -> None:
        """What waits for nothing is erased."""
        self.parts.trash.empty()
        self.removed = {id: s for id, s in self.removed.items() if id in self.pending}

    @precondition(lambda self: self.is_open)
    @rule()
    def rotate(self) -> None:
        """The key is renewed; nothing else changes."""
        self.parts.locksmith.rotate(None)

    @rule()
    def lock(self) -> None:
        """The keys are forgotten."""
        self.parts.vault.close()

    @rule()
    def unlock(self) -> None:
        """The keyring opens them again."""
        self.parts.vault.unlock()

    @rule()
    def reopen(self) -> None:
        """The program ends and is started."""
        self.parts.close()
        self.parts = self._started()
        self.parts.vault.unlock()

    @rule()
    def crash(self) -> None:
        """The program ends in the middle of a transaction."""
        with self.parts.database.reading() as connection:
            pass
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM pending")
        connection.execute("UPDATE tokens SET endpoint = 'https://evil.example'")
        self.reopen()

    def _follow(self) -> None:
        """Tokens that the store itself put into the trash: they came out of `pending`."""
        known = {*self.live, *self.removed}
        with self.parts.database.reading() as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM tokens")]
        if not self.is_open:
            return
        for id in ids:
            if id not in known:
                self.removed[id] = self._opened("tokens")[id]
        for id in [id for id in self.removed if id not in ids]:
            del self.removed[id]

    # ---- what must hold -----------------------------------------------------------------------

    def _opened(self, table: str, column: str = "id") -> dict[str, str]:
        from partner_tokens.core.sealing import Sealed

        with self.parts.database.reading() as connection:
            rows = connection.execute(
                f"SELECT {column}, id, endpoint, kind, key_id, nonce, ciphertext FROM {table}"  # noqa: S608
            ).fetchall()
        return {
            key: self.parts.vault.open(
                Sealed(*cells), token_id=id, endpoint=endpoint, kind=kind
            ).reveal()
            for key, id, endpoint, kind, *cells in rows
        }

    @invariant()
    def both_hold_the_same(self) -> None:
        """Every row is where the model has it, and opens to what the model has."""
        live = {token.id for token in self.parts.store.tokens()}
        removed = {one.token.id for one in self.parts.trash.tokens()}
        assert live == self.live.keys()
        assert removed == self.removed.keys()
        if self.is_open:
            assert self._opened("tokens") == {**self.live, **self.removed}
            assert self._opened("pending", "token") == self.pending
