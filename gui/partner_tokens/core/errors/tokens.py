"""Why a token cannot be stored, found, changed or replaced as it was meant."""

from partner_tokens.core.errors import AppError
from partner_tokens.core.language import _


class DuplicateToken(AppError):
    """This API token is stored already, under another row."""

    def __init__(self, organization: str, name: str) -> None:
        super().__init__()
        self.organization = organization
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("This token is stored already: {organization}, {name}.").format(
                organization=self.organization, name=self.name
            ),
            _("Use that row, or paste another token."),
        )


class InTrash(AppError):
    """This API token was removed and can still be brought back."""

    def __init__(self, organization: str, name: str) -> None:
        super().__init__()
        self.organization = organization
        self.name = name

    def _words(self) -> tuple[str, str]:
        return (
            _("This token is in the trash: {organization}, {name}.").format(
                organization=self.organization, name=self.name
            ),
            _("Restore it, or save to store it anew."),
        )


class RepeatedToken(AppError):
    """A source has the same API token twice; this is not the first of them."""

    def __init__(self, source: str, line: int) -> None:
        super().__init__()
        self.source = source
        self.line = line

    def _words(self) -> tuple[str, str]:
        title = _("The same token stands further up.")
        if self.line:
            title = _("The same token stands further up, in line {line}.").format(line=self.line)
        elif self.source:
            title = _("The same token is in {file}, too.").format(file=self.source)
        return title, _("The first one is enough.")


class AnotherOrganization(AppError):
    """The claims of the access token name another organization than the row does.

    `found` is its name, or its id, or empty where neither is remembered; `found_id` its id, where
    the row is held for it.
    """

    def __init__(self, named: str, found: str, found_id: str = "") -> None:
        super().__init__()
        self.named = named
        self.found = found
        self.found_id = found_id

    def _words(self) -> tuple[str, str]:
        title = _("This token belongs to {found}, not to {named}.")
        if not self.found:
            title = _("This token belongs to another organization than {named}.")
        return (
            title.format(found=self.found, named=self.named),
            _("Correct the organization, or paste the token made inside it."),
        )


class NoSuchToken(AppError):
    """The row is gone: removed here or by another program."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This token is no longer stored."),
            _("It was removed, perhaps by another program. Add it again if you need it."),
        )


class EditedMeanwhile(AppError):
    """The row is no longer what the caller has seen of it; nothing was stored or handed out."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This token was changed meanwhile by another program."),
            _("Nothing was stored or handed out. Look at it again, then begin anew."),
        )


class SameToken(AppError):
    """What was pasted as the new token is the one that is to be replaced."""

    def _words(self) -> tuple[str, str]:
        return (
            _("This is the token that is stored already."),
            _("Regenerate it in the portal, then copy the new one and paste it here."),
        )


class PendingGone(AppError):
    """A pasted token no longer waits: it was put in place, or discarded, by another program."""

    def _words(self) -> tuple[str, str]:
        return (
            _("The new token no longer waits here."),
            _("Another window has put it in place or discarded it: look at the list."),
        )
