"""As the README says it: Ctrl+N, paste, save; and what the window tells afterwards."""

from partner_tokens.sandbox.behaviours import KnownToken
from partner_tokens.ui.token_dialog import TokenDialog
from ui.world import CONTROL, Key, World

TOKEN = "Marker0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUV"


def test_a_token_is_added_by_pasting_and_saving_and_is_gone_from_the_clipboard(
    world: World,
) -> None:
    world.store("fabrikam", "Fabrikam")
    world.start()
    world.sandbox.register(KnownToken(TOKEN, "contoso-id", "Contoso"))
    world.qt.clipboard().setText(TOKEN)
    world.press(Key.Key_N, CONTROL)
    assert isinstance(world.dialog(), TokenDialog)
    world.press(Key.Key_V, CONTROL)
    world.press(Key.Key_Return)
    world.until(lambda: "saved" in world.notice())
    assert "Contoso, API token saved." in world.notice()
    assert "The pasted token was taken off the clipboard." in world.notice()
    assert world.clipboard() == ""
