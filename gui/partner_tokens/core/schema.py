"""The tables of the store, as steps from one version of the file to the next.

Instants are whole seconds since 1970 in UTC. A row of `tokens` with `removed_at` is out of sight
and can still be brought back; `due_at` is when house-keeping first found its time to be over.
`expiry_told`, `service_name`, `made_at` and `service_used_at` are
what the service said when it was asked at `asked_at`. A row of `pending` is a new secret, sealed
before it was ever tried, that is to take the place of a token; the token cannot be erased while it
waits. A row of `history` stands for the same thing happening `times` times, first at `since` and
last at `at`.
The one row of `identity` tells this store from others. A row of `loose_entries` names an entry
of the keyring that no slot needs yet, or (`is_spent`) none will ever need again. The one
row of `logins`, if there is one, is the sealed user and password of a proxy, whose address is its
endpoint.
"""

Migration = tuple[str, ...]
"""The statements of one step; all of them happen in one transaction."""

MIGRATIONS: tuple[Migration, ...] = (
    (
        """
        CREATE TABLE organizations (
            key INTEGER PRIMARY KEY,
            name TEXT NOT NULL,
            folded TEXT NOT NULL,
            service_id TEXT NOT NULL DEFAULT ''
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX organizations_by_service_id
            ON organizations (service_id) WHERE service_id <> ''
        """,
        "CREATE INDEX organizations_by_name ON organizations (folded)",
        """
        CREATE TABLE tokens (
            id TEXT PRIMARY KEY,
            organization INTEGER NOT NULL REFERENCES organizations (key),
            name TEXT NOT NULL,
            endpoint TEXT NOT NULL,
            user TEXT NOT NULL,
            note TEXT NOT NULL,
            pinned INTEGER NOT NULL,
            interactive INTEGER NOT NULL,
            expiry TEXT NOT NULL CHECK (expiry IN ('at', 'never', 'unknown')),
            expires_at INTEGER CHECK ((expires_at IS NOT NULL) = (expiry = 'at')),
            state TEXT NOT NULL,
            stage TEXT,
            tried_at INTEGER,
            request_id TEXT NOT NULL,
            added_at INTEGER NOT NULL,
            last_used_at INTEGER,
            removed_at INTEGER,
            key_id TEXT NOT NULL,
            nonce BLOB NOT NULL,
            ciphertext BLOB NOT NULL,
            fingerprint BLOB NOT NULL
        ) STRICT
        """,
        """
        CREATE UNIQUE INDEX tokens_by_fingerprint
            ON tokens (fingerprint) WHERE removed_at IS NULL
        """,
        "CREATE INDEX tokens_by_organization ON tokens (organization)",
        """
        CREATE TABLE slots (
            position INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            key_id TEXT NOT NULL,
            vault_id TEXT NOT NULL UNIQUE,
            nonce BLOB NOT NULL,
            wrapped_key BLOB NOT NULL,
            made_at INTEGER NOT NULL,
            backend TEXT NOT NULL,
            salt BLOB NOT NULL,
            cost INTEGER NOT NULL
        ) STRICT
        """,
    ),
    (
        "ALTER TABLE organizations ADD COLUMN colour TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE organizations ADD COLUMN production INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE organizations ADD COLUMN note TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE organizations ADD COLUMN paused_until INTEGER",
        "ALTER TABLE tokens ADD COLUMN kind TEXT NOT NULL DEFAULT 'api-token'",
        "ALTER TABLE tokens ADD COLUMN expiry_told INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE tokens ADD COLUMN service_name TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tokens ADD COLUMN made_at INTEGER",
        "ALTER TABLE tokens ADD COLUMN service_used_at INTEGER",
        "ALTER TABLE tokens ADD COLUMN asked_at INTEGER",
        "ALTER TABLE tokens ADD COLUMN use_weight REAL NOT NULL DEFAULT 0",
        "ALTER TABLE tokens ADD COLUMN due_at INTEGER",
        """
        CREATE TABLE pending (
            id TEXT PRIMARY KEY,
            token TEXT NOT NULL REFERENCES tokens (id),
            endpoint TEXT NOT NULL,
            kind TEXT NOT NULL,
            expiry TEXT NOT NULL CHECK (expiry IN ('at', 'never', 'unknown')),
            expires_at INTEGER CHECK ((expires_at IS NOT NULL) = (expiry = 'at')),
            pasted_at INTEGER NOT NULL,
            key_id TEXT NOT NULL,
            nonce BLOB NOT NULL,
            ciphertext BLOB NOT NULL,
            fingerprint BLOB NOT NULL
        ) STRICT
        """,
        "CREATE UNIQUE INDEX pending_by_token ON pending (token)",
        """
        CREATE TABLE history (
            position INTEGER PRIMARY KEY,
            token TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            event TEXT NOT NULL,
            detail TEXT NOT NULL,
            request_id TEXT NOT NULL,
            since INTEGER NOT NULL,
            times INTEGER NOT NULL
        ) STRICT
        """,
        "CREATE INDEX history_by_token ON history (token, position)",
        "CREATE TABLE identity (id TEXT NOT NULL) STRICT",
        # What was exported from a store of the first version is told by its data key's id.
        """
        INSERT INTO identity SELECT coalesce(
            (SELECT key_id FROM slots ORDER BY position LIMIT 1), lower(hex(randomblob(16)))
        )
        """,
        """
        CREATE TABLE loose_entries (
            vault_id TEXT PRIMARY KEY,
            backend TEXT NOT NULL,
            noted_at INTEGER NOT NULL,
            is_spent INTEGER NOT NULL
        ) STRICT
        """,
    ),
    (
        """
        CREATE TABLE logins (
            id TEXT PRIMARY KEY,
            endpoint TEXT NOT NULL,
            kind TEXT NOT NULL,
            key_id TEXT NOT NULL,
            nonce BLOB NOT NULL,
            ciphertext BLOB NOT NULL,
            fingerprint BLOB NOT NULL
        ) STRICT
        """,
    ),
    (
        # Each token of an import looks for its like in the trash.
        """
        CREATE INDEX removed_by_fingerprint
            ON tokens (fingerprint) WHERE removed_at IS NOT NULL
        """,
    ),
)

_NEW_TABLES = (
    ("organizations", "tokens", "slots"),
    ("pending", "history", "identity", "loose_entries"),
    ("logins",),
    (),
)
"""By migration."""


def tables_in(version: int) -> frozenset[str]:
    """The tables of a file that so many migrations have shaped."""
    return frozenset(name for names in _NEW_TABLES[:version] for name in names)
