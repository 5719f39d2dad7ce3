"""Why an organization cannot be named, changed or worked for as it was meant."""

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _


class NameTaken(AppError):
    """A source names an organization by a stored name, but with another id of the service."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("Another organization is stored as {name}; its id differs.").format(name=self.name),
            _("Correct the name, or tick the row to store it beside the other."),
        )


class OrganizationEdited(AppError):
    """An organization is no longer what the caller has seen of it; nothing was stored."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This organization was changed meanwhile by another program."),
            _("Nothing was stored. Look at it again, then begin anew."),
        )


class OrganizationNameTaken(AppError):
    """Another organization bears this name, and nothing would tell the two apart."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("There is another organization called {name}.").format(name=self.name),
            _("Choose another name. To bring both together, edit each token's organization."),
        )


class OrganizationIdTaken(AppError):
    """The service's id that was typed belongs to another organization."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("This id belongs to {name} already.").format(name=self.name),
            _("Correct the id. To bring both together, edit each token's organization."),
        )


class OrganizationPaused(AppError):
    """The user has paused an organization: nothing is exchanged for it in the background."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("{name} is paused.").format(name=self.name),
            _("Copy a header yourself, or end the pause under Organizations."),
        )
