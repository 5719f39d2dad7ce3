"""No trace at large: every deed on secrets, in window and terminal, and all that they wrote."""

import json
from pathlib import Path

import pytest

from desktop import Program
from partner_tokens.core.preferences import save
from partner_tokens.core.profile import profile_under
from partner_tokens.sandbox.behaviours import Behaviour
from partner_tokens.sandbox.service import Sandbox
from patience import wait_for
from stories.harness import Stage
from stories.panel import BusPanel
from stories.stored import known, store
from stories.tracer import await_end, recorded, tracing
from stories.traces import access_tokens, files_under, found_in, shown_by

pytestmark = pytest.mark.story

CONTOSO = known("Contoso")
FABRIKAM = known("Fabrikam")
LITWARE = known("Litware")
FRESH = known("Contoso", api_token="MarkerFresh" + "Kp8" * 15)
QUEUED = known("Fabrikam", api_token="MarkerQueued" + "Wd4" * 15)
TOKENS = (CONTOSO, FABRIKAM, LITWARE, FRESH, QUEUED)
PASSPHRASE = "correct horse / marker staple"
OWN_FORM = "curl -H {header:bash} {endpoint}"


class Walk:
    """One program, led from deed to deed; after each it is looked at from outside."""

    def __init__(self, stage: Stage, program: Program) -> None:
        self.stage, self.desktop, self.program = stage, stage.desktop, program
        self.places: dict[str, bytes] = {}

    def look(self, moment: str) -> None:
        """Keeps what can be seen now; what is written is on record, see `tracer`."""
        self.places |= shown_by(self.stage, self.program, moment)

    def menu(self, *keys: str) -> None:
        """Opens the menu by its button, and goes on by its letters."""
        windows = self.desktop.open_windows()
        self.stage.press(self.program, "Menu")
        wait_for(lambda: self.desktop.open_windows() > windows, "the menu is open")
        self.desktop.keys(*keys)

    def sees(self, *words: str) -> None:
        """Waits for these words."""
        self.stage.sees(self.program, *words)

    def back(self) -> None:
        """Closes the dialog."""
        self.desktop.keys("Escape")
        self.desktop.focus("^Partner Tokens$")

    def comes_to(self, field: str) -> None:
        """Waits until a field has the keys."""

        def has_keys() -> bool:
            nodes = self.stage.tree(self.program).walk()
            return any(n.name == field and "focused" in n.states for n in nodes)

        wait_for(has_keys, f"{field} has the keys")

    def name_file(self, file: Path | str) -> None:
        """Answers the dialog that asks for a file, once its field has the keys."""
        self.comes_to("File name:")
        self.desktop.type(str(file))
        self.desktop.keys("Return")


def bring_in(walk: Walk, service: Sandbox, given: Path) -> None:
    """Imports a spreadsheet."""
    given.write_text(f"Customer,API token,Endpoint\nLitware,{LITWARE.api_token},{service.url}\n")
    walk.desktop.keys("ctrl+i")
    walk.desktop.focus("^Import API tokens")
    walk.stage.press(walk.program, "Choose files…")
    walk.name_file(given)
    walk.sees("Import 1 token")
    walk.look("import")
    walk.stage.press(walk.program, "Import 1 token")
    walk.sees("1 token imported")
    walk.desktop.focus("^Partner Tokens$")
    walk.look("imported")


def regenerate(walk: Walk, service: Sandbox) -> None:
    """Contoso's new token: pasted, waiting for its proof, put in place."""
    walk.desktop.keys("Escape")
    walk.desktop.type("contoso")
    service.behave(FRESH.api_token, Behaviour.BAD_GATEWAY)
    walk.desktop.keys("ctrl+r")
    walk.desktop.focus("^Regenerate token")
    walk.desktop.copy_elsewhere(FRESH.api_token)
    walk.desktop.keys("Tab", "ctrl+v")
    walk.sees("502")
    walk.look("pending")
    service.behave(FRESH.api_token, Behaviour.FINE)
    walk.stage.press(walk.program, "Prove")
    walk.sees("The new token works.")
    walk.look("proven")
    walk.desktop.keys("Return")
    walk.desktop.focus("^Partner Tokens$")
    walk.sees("has its new token")
    walk.look("replaced")


def renew(walk: Walk) -> None:
    """The queue: Fabrikam's new token, and then no more."""
    walk.desktop.keys("ctrl+shift+r")
    walk.desktop.focus("^Renew what runs out")
    walk.desktop.keys("alt+w", "Down")
    walk.sees("switch to Fabrikam there first")
    walk.desktop.copy_elsewhere(QUEUED.api_token)
    walk.desktop.keys("alt+n", "ctrl+v")
    walk.sees("The new token works.")
    walk.look("queue")
    walk.desktop.keys("Return")
    walk.sees("renewed")
    walk.back()
    walk.look("renewed")


def export(walk: Walk, folder: Path) -> None:
    """Inventory, days of expiry, history, and the encrypted file."""
    for key, suffix in (("i", "csv"), ("d", "ics"), ("h", "history.csv")):
        walk.menu("x", key)
        walk.name_file(f"exported.{suffix}")
        wait_for((folder / f"exported.{suffix}").exists, f"{suffix} is written")
        walk.desktop.focus("^Partner Tokens$")
    walk.menu("x", "b")
    walk.desktop.focus("^Back up or hand over")
    walk.desktop.keys("alt+p")
    walk.desktop.type(f"{PASSPHRASE}\t{PASSPHRASE}")
    walk.desktop.keys("Return")
    walk.name_file("backup.age")
    walk.look("encrypting")
    walk.sees("written to backup.age")
    walk.desktop.focus("^Partner Tokens$")
    walk.look("exported")


def throw_away(walk: Walk) -> None:
    """Litware's token is revoked, brought back, removed, and at last erased with the others."""
    walk.desktop.keys("Escape", "Escape")
    walk.desktop.type("litware")
    walk.menu("v")
    walk.desktop.focus("^Revoke token")
    walk.look("revoke")
    walk.desktop.keys("alt+i")
    walk.desktop.focus("^Partner Tokens$")
    walk.sees("is revoked, and in the trash.")
    walk.desktop.keys("ctrl+z")
    walk.sees("is back.")
    walk.desktop.keys("ctrl+Delete")
    walk.sees("was removed")
    walk.desktop.keys("ctrl+t")
    walk.desktop.focus("^Trash")
    walk.sees("Litware")
    walk.look("trash")
    walk.desktop.keys("alt+m")
    walk.sees("Empty the trash?")
    walk.desktop.keys("alt+g")
    walk.sees("The trash is empty")
    walk.back()
    walk.look("erased")


def copy_in_passing(walk: Walk, profile: Path) -> None:
    """A copy in a format of one's own, by the quick copy, and the report on the program."""
    walk.desktop.keys("Escape", "Escape")
    walk.desktop.type("contoso")
    walk.desktop.keys("Return")
    wait_for(lambda: walk.desktop.clipboard().startswith("curl -H "), "copied in its own format")
    walk.look("own format")
    for words in (("--copy", "fabrikam"), ("--quick",)):
        second = walk.stage.start("--profile", str(profile), *words)
        assert (second.ended(), second.out, second.errors) == (0, "", "")
    walk.desktop.sees_focus("^Quick copy$")
    walk.desktop.type("fabr")
    walk.look("quick copy")
    walk.desktop.keys("Return")
    walk.desktop.focus("^Partner Tokens$")
    walk.menu("l", "i")
    report = wait_for(
        lambda: (t := walk.desktop.clipboard()).startswith("Partner Tokens") and t, "diagnostics"
    )
    walk.places["diagnostics"] = str(report).encode()


def make_own_format(walk: Walk) -> None:
    """A format of one's own: refused with a token in it, kept without."""
    walk.desktop.keys("ctrl+comma")
    walk.desktop.focus("^Preferences")
    walk.desktop.keys("Down", "alt+a")
    walk.comes_to("Name")
    walk.desktop.copy_elsewhere(FRESH.api_token)
    walk.desktop.type("Yours\t{token} ")
    walk.desktop.keys("ctrl+v")
    walk.stage.press(walk.program, "OK")
    walk.sees("Write {token} in its place.")
    walk.desktop.keys("ctrl+a")
    walk.desktop.type("csp {token}")
    walk.look("preferences")
    walk.stage.press(walk.program, "OK")
    walk.desktop.sees_focus("^Partner Tokens$")


def copy_from_tray(walk: Walk) -> None:
    """A copy by the icon's menu while the window is closed."""
    panel = BusPanel(walk.stage)
    try:
        wait_for(lambda: panel.ask("items") == 1, "the icon is in the panel")
        walk.desktop.close_window("^Partner Tokens$")
        wait_for(lambda: "Partner Tokens" not in walk.desktop.shown_titles(), "it is closed")
        walk.desktop.copy_elsewhere("something else")
        panel.ask("press Contoso, build")
        wait_for(lambda: walk.desktop.clipboard().startswith("curl -H "), "copied by the tray")
        walk.look("tray")
        for place in ("menu", "tooltip"):
            walk.places[f"tray: {place}"] = json.dumps(panel.ask(place)).encode()
        panel.ask("click")
        walk.desktop.sees_focus("^Partner Tokens$")
    finally:
        panel.end()


def lock_up(walk: Walk, profile: Path) -> None:
    """A new data key; then key and headers are forgotten, read again, and all is hidden."""
    walk.menu("y")
    walk.desktop.focus("^Keys and recovery")
    walk.stage.press(walk.program, "Renew the key…")
    walk.stage.press(walk.program, "Renew now")
    walk.sees("renewed")
    walk.look("data key")
    walk.back()
    walk.desktop.keys("ctrl+l")
    walk.sees("Forgotten")
    walk.look("locked")
    walk.desktop.keys("Return")
    walk.sees("Contoso")
    walk.desktop.keys("ctrl+shift+l")
    wait_for(lambda: "Partner Tokens" not in walk.desktop.shown_titles(), "all is hidden")
    walk.look("hidden")
    assert walk.stage.start("--profile", str(profile)).ended() == 0
    walk.desktop.focus("^Partner Tokens$")
    walk.desktop.keys("ctrl+q")


def test_no_secret_is_left_by_any_deed_of_the_window(
    stage: Stage, profile: Path, service: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store(profile, stage.keyring, service, CONTOSO, FABRIKAM)
    service.register(LITWARE, FRESH, QUEUED)
    save(profile_under(profile).preferences_path, templates={"Mine": OWN_FORM}, format="Mine")
    aside = tmp_path_factory.mktemp("aside")
    stage.under = tracing(aside / "calls", beside=True)
    walk = Walk(stage, stage.open(profile, "Contoso", "Keyring: Secret Service"))
    stage.under = ()
    given = aside / "customers.csv"
    bring_in(walk, service, given)
    regenerate(walk, service)
    renew(walk)
    export(walk, stage.desktop.home)
    throw_away(walk)
    copy_in_passing(walk, profile)
    make_own_format(walk)
    copy_from_tray(walk)
    lock_up(walk, profile)
    program = walk.program
    assert (program.ended(), program.errors, program.out) == (0, "", "")
    places = walk.places | files_under(stage.folder)
    await_end(aside / "calls", program.process.pid)
    places |= recorded(aside / "calls")
    secrets = access_tokens(service)
    assert found_in({"given": given.read_bytes()}, LITWARE.api_token) == ["given"]
    assert found_in(places, PASSPHRASE, *(t.api_token for t in TOKENS), *secrets) == []
