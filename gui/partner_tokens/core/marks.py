"""What the marks of an organization are called."""

from typing import assert_never

from partner_tokens.core.language import _
from partner_tokens.core.tokens import Colour


def production_word() -> str:
    """What stands beside an organization whose tokens reach customers who work."""
    return _("production")


def colour_word(colour: Colour) -> str:
    """The name of a colour, as a list offers it."""
    match colour:
        case Colour.NONE:
            return _("No colour")
        case Colour.RED:
            return _("Red")
        case Colour.ORANGE:
            return _("Orange")
        case Colour.GREEN:
            return _("Green")
        case Colour.TEAL:
            return _("Teal")
        case Colour.BLUE:
            return _("Blue")
        case Colour.PURPLE:
            return _("Purple")
    assert_never(colour)
