"""The demo: the service in small, a profile that vanishes, a key in memory, and its tokens."""

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from partner_tokens.core.clock import Clock, utc_now
from partner_tokens.core.profile import profile_under
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Result
from partner_tokens.parts import Parts
from partner_tokens.sandbox.memory_keyring import MemoryBackend
from partner_tokens.sandbox.scenario import DemoToken, demo_tokens, register
from partner_tokens.sandbox.service import Sandbox


class Demo:
    """Nothing of it leaves this computer, and nothing stays on it."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock
        folder = Path(tempfile.mkdtemp(prefix="partner-tokens-demo-"))
        # Also when the program ends without `close`; after a kill it holds sealed demo tokens only.
        self._remove_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.sandbox = Sandbox(clock)
        backend = MemoryBackend("Memory")
        self.parts = Parts(profile_under(folder), clock=clock, open_backend=lambda: backend)

    def fill(self) -> Sequence[ApiToken]:
        """Starts the service, seals the demo's tokens, and gives the rows. Takes a moment."""
        self.sandbox.start()
        tokens = demo_tokens(self._clock(), self.sandbox.url)
        register(self.sandbox, tokens)
        self.parts.vault.begin_with_keyring()
        for number, token in enumerate(tokens):
            self._store(f"demo-{number:02d}", token)
        return self.parts.store.tokens()

    def _store(self, id: str, demo: DemoToken) -> None:
        vault, store = self.parts.vault, self.parts.store
        secret = Secret(demo.api_token)
        token = ApiToken(
            id=id,
            organization=demo.home,
            name=demo.name,
            endpoint=demo.endpoint,
            added_at=demo.added_at,
            expiry=demo.expiry,
            user=demo.user,
            note=demo.note,
            pinned=demo.pinned,
            interactive=demo.interactive,
            result=Result(demo.state, demo.stage, demo.last_tried_at),
            last_used_at=demo.last_used_at,
            kind=demo.kind,
            expiry_told=demo.kind.tells_dates,
        )
        sealed = vault.seal(secret, token_id=id, endpoint=demo.endpoint, kind=demo.kind)
        store.add(token, sealed, vault.fingerprint(secret))

    def close(self) -> None:
        """Closes the parts, stops the service and removes the profile."""
        self.parts.close()
        self.leave()

    def leave(self) -> None:
        """Stops the service and removes the profile, whatever became of the parts."""
        self.sandbox.stop()
        self._remove_folder()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
