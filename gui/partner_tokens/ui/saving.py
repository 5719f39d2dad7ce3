"""From a draft to a stored token: proven by a real exchange, compared, stored or restored."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.registry import Draft, Proof
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import ApiToken, Organization, folded
from partner_tokens.ui.attempts import Attempts
from partner_tokens.ui.background import Background, Lane
from partner_tokens.ui.session import Core, Session


class Step(Enum):
    """What is going on."""

    RESTING = "resting"
    PROVING = "proving"
    STORING = "storing"


@dataclass(frozen=True, slots=True)
class Proven:
    """A proof, and what it says about the organization that was named."""

    proof: Proof
    disagreement: AnotherOrganization | None = None
    can_keep: bool = True
    """Whether the organization may be called as it was typed; not so if that is another one."""


class Saving(Attempts[Step]):
    """What fails has stored nothing."""

    proven = Signal(object)
    """A Proven."""
    saved = Signal(object)
    """The ApiToken as it is stored now."""
    restored = Signal(object)
    """The ApiToken that was brought back from the trash."""

    def __init__(
        self,
        session: Session,
        background: Background,
        token: ApiToken | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(session, background, Step.RESTING, parent)
        self._token = token

    def prove(
        self, draft: Draft, *, passcode: Secret | None = None, proof: Proof | None = None
    ) -> None:
        """Exchanges the token, unless there is a proof, and compares the organization."""
        token = self._token

        def work(core: Core) -> Proven:
            registry = core.registry
            found = proof or registry.prove(draft, passcode, seen=token)
            stored = registry.organizations()
            can_keep = not any(_stands_against(known, draft, found) for known in stored)
            return Proven(found, registry.disagreement(draft, found), can_keep)

        self.run(Step.PROVING, Lane.NETWORK, work, self.proven.emit)

    def store(self, draft: Draft, proof: Proof | None) -> None:
        """Stores the draft; its fresh access token is at hand at once."""
        token = self._token

        def work(core: Core) -> ApiToken:
            registry = core.registry
            stored = registry.edit(token, draft, proof) if token else registry.add(draft, proof)
            if token and stored.version != token.version:
                core.broker.forget(stored.id)
            if proof is not None:
                core.broker.put(stored, proof.access)
            return stored

        self.run(Step.STORING, Lane.STORE, work, self.saved.emit)

    def restore(self, token_id: str) -> None:
        """Brings a token back from the trash instead."""

        def work(core: Core) -> ApiToken:
            restored = core.trash.restore((token_id,))
            for _token, error in restored.refused:
                raise error
            return restored.tokens[0]

        self.run(Step.STORING, Lane.STORE, work, self.restored.emit)


def _stands_against(known: Organization, draft: Draft, proof: Proof) -> bool:
    """Whether a stored organization forbids the name: it has that id, or that name as another."""
    if not (known.service_id and proof.organization_id):
        return False
    if known.service_id == proof.organization_id:
        return True
    return folded(known.name) == folded(" ".join(draft.organization.split()))
