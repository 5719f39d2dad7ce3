"""One store and one keyring, and as many programs on them as a test wants."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clock import MovableClock
from partner_tokens.core.database import Database
from partner_tokens.core.keychain import Backend, Keychain
from partner_tokens.core.locksmith import Locksmith
from partner_tokens.core.registry import Registry
from partner_tokens.core.rows import sealed_values
from partner_tokens.core.secret import Secret
from partner_tokens.core.service import Service
from partner_tokens.core.slots import Slots
from partner_tokens.core.statements import insert
from partner_tokens.core.store import Store
from partner_tokens.core.tokens import ApiToken, Kind, Organization
from partner_tokens.core.transport import Transport
from partner_tokens.core.trash import Trash
from partner_tokens.core.vault import Vault
from partner_tokens.sandbox.memory_keyring import MemoryBackend

QUICK = 15
ENDPOINT = "https://console.navigator.vmware.com"
NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


@dataclass
class Program:
    """What one process has open."""

    clock: MovableClock
    database: Database
    store: Store
    slots: Slots
    trash: Trash
    keychain: Keychain
    vault: Vault
    locksmith: Locksmith
    registry: Registry
    transport: Transport

    def add(self, id: str, *, kind: Kind = Kind.NAVIGATOR, text: str = "") -> ApiToken:
        """Stores a token; its secret tells its id unless another text is given."""
        secret = Secret(text or secret_of(id))
        token = ApiToken(id, Organization("Contoso"), id, ENDPOINT, self.clock(), kind=kind)
        sealed = self.vault.seal(secret, token_id=id, endpoint=ENDPOINT, kind=kind)
        return self.store.add(token, sealed, self.vault.fingerprint(secret))

    def add_pending(self, id: str, token_id: str) -> None:
        """A pasted secret that waits to take the place of a token."""
        secret = Secret(secret_of(id))
        sealed = self.vault.seal(secret, token_id=id, endpoint=ENDPOINT)
        values = {
            "id": id,
            "token": token_id,
            "endpoint": ENDPOINT,
            "kind": Kind.NAVIGATOR.value,
            "expiry": "unknown",
            "pasted_at": 0,
            **sealed_values(sealed, self.vault.fingerprint(secret)),
        }
        with self.database.writing() as connection:
            insert(connection, "pending", values)

    def end(self) -> None:
        """As when the process ends."""
        self.keychain.stop_waiting()
        self.transport.close()
        self.database.close()


class Keyroom:
    """The files, the keyring, and the programs that were started on them."""

    def __init__(
        self, folder: Path, backend: Backend | None = None, clock: MovableClock | None = None
    ) -> None:
        self.clock = clock or MovableClock(NOW)
        self.data = folder / "data"
        self.path = self.data / "tokens.sqlite3"
        self.backups = self.data / "backups"
        self.memory = MemoryBackend()
        self.backend: Backend = backend or self.memory
        self.programs: list[Program] = []

    def program(self, backend: Backend | None = None) -> Program:
        """A process just started: nothing is open yet."""
        database = Database(self.path, self.backups, self.clock)
        store, slots = Store(database, self.clock), Slots(database, self.clock)
        keychain = Keychain(lambda: backend or self.backend)
        vault = Vault(slots, keychain, self.clock, cost=QUICK)
        locksmith = Locksmith(slots, vault, keychain, self.clock, cost=QUICK)
        transport = Transport(clock=self.clock)
        registry = Registry(store, vault, Service(transport, self.clock), self.clock)
        trash = Trash(database, self.clock)
        made = Program(
            *(self.clock, database, store, slots, trash, keychain, vault, locksmith),
            *(registry, transport),
        )
        self.programs.append(made)
        return made

    def begun(self) -> Program:
        """A process that has made the first key, in the keyring."""
        made = self.program()
        made.vault.begin_with_keyring()
        return made

    def end(self) -> None:
        """Ends all of them."""
        for program in self.programs:
            program.end()

    def entries(self) -> set[str]:
        """The vault ids that the keyring has an entry for."""
        return {service.partition("/")[2] for service, _name in self.memory.entries}

    def copies(self) -> list[Path]:
        """The copies of the store."""
        return sorted(self.backups.glob("*.sqlite3"))

    def files_with(self, text: bytes) -> list[str]:
        """The files in the data folder that hold this."""
        found = (path for path in self.data.rglob("*") if path.is_file())
        return [path.name for path in found if text in path.read_bytes()]


def secret_of(id: str) -> str:
    """The API token that `add` and `add_pending` seal for a row."""
    return f"marker-{id}-{'0' * 40}"


def opened(program: Program) -> dict[str, str]:
    """What each row opens to: live, removed and pending, for those whose key is at hand."""
    found = {}
    with program.database.reading() as connection:
        rows = [
            row
            for table in ("tokens", "pending")
            for row in connection.execute(
                f"SELECT id, endpoint, kind, key_id, nonce, ciphertext FROM {table}"  # noqa: S608
            )
        ]
    for id, endpoint, kind, *cells in rows:
        key = program.vault.key(cells[0])
        if key is not None:
            from partner_tokens.core.sealing import Sealed

            found[id] = key.open(Sealed(*cells), kind, id, endpoint).reveal()
    return found


def new_id() -> str:
    """An id for a row."""
    return uuid.uuid4().hex
