"""What the trash asks before it erases, and says afterwards."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from partner_tokens.core.language import _, _n
from partner_tokens.core.tokens import ApiToken

if TYPE_CHECKING:
    from partner_tokens.core.trash import Erasure


def named(tokens: Sequence[ApiToken]) -> str:
    """One by its names, several by their number."""
    if len(tokens) == 1:
        return f"{tokens[0].organization.name}, {tokens[0].name}"
    return _n("{count} token", "{count} tokens", len(tokens)).format(count=len(tokens))


def removed(tokens: Sequence[ApiToken]) -> tuple[str, str]:
    """These are out of the list, and that is all."""
    title = _n("{token} was removed.", "{token} were removed.", len(tokens))
    text = _n(
        "It still works: revoke it in the portal if nobody needs it.",
        "They still work: revoke them in the portal if nobody needs them.",
        len(tokens),
    )
    return title.format(token=named(tokens)), text


def question(tokens: Sequence[ApiToken], *, whole: bool) -> tuple[str, str]:
    """Whether these are to be erased; `whole` where that is all there is."""
    title = _("Erase {token} for good?")
    if whole:
        title = _("Empty the trash? {token} will be erased for good.")
    text = _n(
        "Nothing brings it back. It still works until it is revoked in the portal.",
        "Nothing brings them back. They still work until they are revoked in the portal.",
        len(tokens),
    )
    return title.format(token=named(tokens)), text


def erased(erasure: "Erasure") -> tuple[str, str]:
    """What became of it."""
    count = erasure.count
    if erasure.is_clean:
        title = _n("{count} token was erased.", "{count} tokens were erased.", count)
        text = _n(
            "Neither the list nor any backup holds anything of it any more.",
            "Neither the list nor any backup holds anything of them any more.",
            count,
        )
    else:
        title = _n(
            "{count} token was erased, but traces of it are still on the disk.",
            "{count} tokens were erased, but traces of them are still on the disk.",
            count,
        )
        text = _(
            "Another program is reading the list, or a backup could not be replaced. It is tried "
            "again at the next start and once a day."
        )
    if erasure.kept:
        stays = _n(
            "{count} token stays: a new token waits to take its place. Put that one in place, or "
            "discard it, then erase again.",
            "{count} tokens stay: new tokens wait to take their place. Put those in place, or "
            "discard them, then erase again.",
            erasure.kept,
        ).format(count=erasure.kept)
        text = f"{stays} {text}" if count else stays
    return title.format(count=count), text


def back(tokens: Sequence[ApiToken]) -> str:
    """These are in the list again."""
    return _n("{token} is back.", "{token} are back.", len(tokens)).format(token=named(tokens))


def kept(tokens: Sequence[ApiToken]) -> str:
    """These could not be brought back."""
    words = _n("{token} stays in the trash.", "{token} stay in the trash.", len(tokens))
    return words.format(token=named(tokens))
