"""Rows whose API token turned out to be another organization's: whose, and with which header."""

from dataclasses import dataclass

from partner_tokens.core.errors.tokens import AnotherOrganization
from partner_tokens.core.tokens import AccessToken, ApiToken


@dataclass(frozen=True, slots=True)
class Stranger:
    """What the exchange of such a row has told; handed out on a deliberate word only."""

    version: tuple[bytes, str]
    """Of the row it was made from."""
    access: AccessToken
    name: str
    """What the organization it belongs to is called, or its id."""

    def error(self, token: ApiToken) -> AnotherOrganization:
        """What whoever asks for the row is told."""
        return AnotherOrganization(token.organization.name, self.name, self.access.organization_id)
