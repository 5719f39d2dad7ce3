"""User and password of a proxy: sealed in the store, bound to the proxy's address."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from partner_tokens.core.database import Database
from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.rows import BOUND_COLUMNS, bound_from, sealed_values
from partner_tokens.core.secret import Secret
from partner_tokens.core.statements import insert, refuse_stale_key

if TYPE_CHECKING:
    from partner_tokens.core.vault import Vault

ID = "proxy"
KIND = "proxy-login"
"""What the sealed row is bound to, beside the address; there is one row at most."""

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Login:
    """What the proxy is told of who asks."""

    user: str
    password: Secret

    @property
    def userinfo(self) -> str:
        """As it stands in a URL, before the host."""
        return f"{quote(self.user, safe='')}:{quote(self.password.reveal(), safe='')}@"


def clean_login(user: str, password: Secret) -> Login:
    """A login that can be sent. Raises InputError.

    Programs disagree about how other letters than those of ASCII are sent, and a colon ends the
    user (RFC 7617).
    """
    name = user.strip()
    for text in (name, password.reveal()):
        if not (text.isascii() and text.isprintable() and 0 < len(text) <= LONGEST):
            raise InputError(Problem.PROXY_LOGIN_INVALID)
    if ":" in name:
        raise InputError(Problem.PROXY_LOGIN_INVALID)
    return Login(name, password)


class ProxyLogins:
    """For any worker thread; never the GUI thread. The vault must be open (Locked).

    The errors of the store may come from everything, KeyReplaced as from the vault.
    """

    def __init__(self, database: Database, vault: "Callable[[], Vault]") -> None:
        self._database = database
        self._vault = vault

    def of(self, address: str) -> Login | None:
        """The login for the proxy at this address; None where there is none.

        Raises SecretUnreadable for one that was kept for another address.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT {BOUND_COLUMNS} FROM logins WHERE id = ?",  # noqa: S608
                (ID,),
            ).fetchone()
        if row is None:
            return None
        sealed = bound_from(row).sealed
        text = self._vault().open(sealed, token_id=ID, endpoint=address, kind=KIND)
        try:
            user, password = json.loads(text.reveal())
            return clean_login(str(user), Secret(str(password)))
        except (ValueError, TypeError, InputError):
            raise SecretUnreadable("no login of a proxy") from None

    def keep(self, address: str, login: Login) -> None:
        """Seals a login, in the place of the one before."""
        text = Secret(json.dumps([login.user, login.password.reveal()]))
        vault = self._vault()
        sealed = vault.seal(text, token_id=ID, endpoint=address, kind=KIND)
        values = {"id": ID, "endpoint": address, "kind": KIND}
        values |= sealed_values(sealed, vault.fingerprint(text))
        with self._database.writing() as connection:
            refuse_stale_key(connection, sealed)
            connection.execute("DELETE FROM logins")
            insert(connection, "logins", values)

    def forget(self) -> None:
        """Drops the login; the vault may be closed."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM logins")
