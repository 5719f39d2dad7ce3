"""What the renewal window asks of the core: keep, prove, replace, store apart, discard."""

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.registry import Proof
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken
from partner_tokens.ui.attempts import Attempts
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.session import Core, Session

if TYPE_CHECKING:
    from partner_tokens.core.pending import Pending


class Step(Enum):
    """What is going on."""

    RESTING = "resting"
    KEEPING = "keeping"
    PROVING = "proving"
    REPLACING = "replacing"
    DISCARDING = "discarding"


class RenewalSteps(Attempts[Step]):
    """Each step leaves the pasted token kept, except the last two, which the user asks for."""

    kept = Signal(object)
    """The Pending: the pasted token is sealed on disk."""
    proven = Signal(object, object)
    """A Proof, and the AnotherOrganization that speaks against it, or None."""
    replaced = Signal(object)
    """The ApiToken of the new row."""
    discarded = Signal()
    looked = Signal(object)
    """The Pending as it is stored now, or None."""

    def __init__(
        self, session: Session, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(session, background, Step.RESTING, parent)

    def keep(self, seen: ApiToken, secret: Secret, expiry: Expiry) -> None:
        """Seals what was pasted."""
        self.run(
            Step.KEEPING,
            Lane.STORE,
            lambda core: core.renewal.paste(seen, secret, expiry),
            self.kept.emit,
        )

    def prove(self, pending: "Pending", passcode: Secret | None = None) -> None:
        """Exchanges it, and compares the organization."""

        def work(core: Core) -> tuple[Proof, AnotherOrganization | None]:
            proof = core.renewal.prove(pending, passcode)
            return proof, core.renewal.objection(pending, proof)

        def done(outcome: object) -> None:
            if isinstance(outcome, tuple):
                self.proven.emit(*outcome)

        self.run(Step.PROVING, Lane.NETWORK, work, done)

    def replace(
        self, pending: "Pending", proof: Proof | None, expiry: Expiry, *, interactive: bool
    ) -> None:
        """Puts it in the old row's place; its fresh access token is at hand at once."""

        def work(core: Core) -> ApiToken:
            old = pending.token
            new = core.renewal.swap(pending, old, proof, expiry, interactive=interactive)
            core.broker.forget(old.id)
            return _at_hand(core, new, proof)

        self.run(Step.REPLACING, Lane.STORE, work, self.replaced.emit)

    def store_apart(
        self, pending: "Pending", proof: Proof | None, expiry: Expiry, *, interactive: bool
    ) -> None:
        """Makes it a row of its own."""

        def work(core: Core) -> ApiToken:
            new = core.renewal.store_apart(pending, proof, expiry, interactive=interactive)
            return _at_hand(core, new, proof)

        self.run(Step.REPLACING, Lane.STORE, work, self.replaced.emit)

    def discard(self, pending: "Pending") -> None:
        """Erases it."""
        self.run(
            Step.DISCARDING,
            Lane.STORE,
            lambda core: core.renewal.drop(pending),
            lambda _nothing: self.discarded.emit(),
        )

    def look_again(self, pending: "Pending") -> None:
        """Reads it and its row anew, after another program has changed something."""

        def work(core: Core) -> "Pending | None":
            waiting = core.renewal.pending()
            return next((one for one in waiting if one.id == pending.id), None)

        self.run(Step.KEEPING, Lane.STORE, work, self.looked.emit)


def _at_hand(core: Core, new: ApiToken, proof: Proof | None) -> ApiToken:
    if proof is not None:
        core.broker.put(new, proof.access)
    return new
