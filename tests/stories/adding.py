"""The Add dialog as it is filled in by keyboard."""

from desktop import Program
from partner_tokens.sandbox.behaviours import KnownToken
from stories.harness import Stage

DIALOG = "^Add token"


def fill_in(
    stage: Stage, endpoint: str, token: KnownToken, *, name: str, organization: str = ""
) -> None:
    """Opens the dialog with Ctrl+N and types into its fields, in the order of the Tab key."""
    desktop = stage.desktop
    desktop.keys("ctrl+n")
    desktop.focus(DIALOG)
    desktop.type(f"{token.api_token}\t\t{organization}\t{name}\t{endpoint}")


def add(stage: Stage, program: Program, endpoint: str, token: KnownToken, *, name: str) -> None:
    """Adds a token whose organization the service tells, and waits for its row."""
    fill_in(stage, endpoint, token, name=name)
    stage.desktop.keys("Return")
    stage.sees(program, f"{token.organization}, {name} saved.")
    stage.desktop.focus("^Partner Tokens$")
