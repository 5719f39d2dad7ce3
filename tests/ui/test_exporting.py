"""Export from the window: asked for in a dialog, written elsewhere, told in words."""

import csv
import threading
from functools import partial
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from calendar_reader import events_of
from partner_tokens.core.export import Export
from partner_tokens.ui.actions import Act
from partner_tokens.ui.background import Lane
from partner_tokens.ui.main_window import Page
from ui.world import Key, World


def export(world: World, act: Act, file: Path) -> None:
    """Chooses a file in the dialog, as a user types its name."""
    world.window.acts[act].trigger()
    dialog = world.dialog()
    assert isinstance(dialog, QFileDialog)
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    assert name.text() == f"partner-tokens-2026-06-01{file.suffix}"
    name.setText(str(file))
    QTest.keyClick(name, Key.Key_Return)


def test_the_inventory_is_written_whole_whatever_is_filtered(world: World, tmp_path: Path) -> None:
    secrets = [world.store("contoso", "Contoso"), world.store("coho", "Coho", days=None)]
    world.start()
    world.type("contoso")
    file = tmp_path / "inventory.csv"
    export(world, Act.EXPORT_CSV, file)
    world.until(lambda: "2 tokens written to inventory.csv" in world.notice())
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    assert [row["organization"] for row in rows] == ["Coho", "Contoso"]
    assert not any(secret in file.read_text("utf-8-sig") for secret in secrets)


def test_an_export_neither_holds_up_the_store_nor_is_held_up_by_it(
    world: World, tmp_path: Path
) -> None:
    world.store("contoso", "Contoso")
    world.start()
    gate = threading.Event()
    world.application.background.run(
        world.window, partial(gate.wait, 20), done=lambda _through: None, lane=Lane.STORE
    )
    for act, name in ((Act.EXPORT_CSV, "all.csv"), (Act.EXPORT_ICS, "days.ics")):
        export(world, act, tmp_path / name)
        world.until(lambda name=name: f"written to {name}" in world.notice())  # type: ignore[misc]
    gate.set()


def test_the_days_of_expiry_are_written_for_a_calendar(world: World, tmp_path: Path) -> None:
    world.store("contoso", "Contoso")
    world.store("coho", "Coho", days=None)
    world.start()
    file = tmp_path / "days.ics"
    export(world, Act.EXPORT_ICS, file)
    world.until(lambda: "1 token written to days.ics" in world.notice())
    (first,) = events_of(file.read_bytes().decode())
    assert first["DESCRIPTION"] == "Contoso"
    export(world, Act.EXPORT_ICS, tmp_path / "again.ics")
    world.until(lambda: "again.ics" in world.notice())
    (second,) = events_of((tmp_path / "again.ics").read_bytes().decode())
    assert first["UID"] == second["UID"]


def test_hostile_names_run_nothing_in_a_spreadsheet_and_days_keep_their_ids(
    world: World, tmp_path: Path
) -> None:
    names = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "Contoso, Ltd; \\ two")
    secrets = [
        world.store(f"t{n}", name, name=f"=cmd|{n}", days=9 + n) for n, name in enumerate(names)
    ]
    world.start()
    export(world, Act.EXPORT_CSV, tmp_path / "all.csv")
    world.until(lambda: "5 tokens written to all.csv" in world.notice())
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {row["organization"].lstrip("'") for row in rows} == set(names)
    ids = []
    for name in ("one.ics", "two.ics"):
        export(world, Act.EXPORT_ICS, tmp_path / name)
        told = f"5 tokens written to {name}"
        world.until(partial(lambda told: told in world.notice(), told))
        ids.append([one["UID"] for one in events_of((tmp_path / name).read_bytes().decode())])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 5
    written = b"".join((tmp_path / n).read_bytes() for n in ("all.csv", "one.ics", "two.ics"))
    assert not [secret for secret in secrets if secret[:12].encode() in written]


def test_a_file_that_cannot_be_written_is_said_in_words(world: World, tmp_path: Path) -> None:
    world.store("contoso", "Contoso")
    world.start()
    (tmp_path / "taken").mkdir()
    world.deeds.exporting.write(Export.CSV, tmp_path / "taken")
    world.until(lambda: "could not be written" in world.notice())


def test_an_empty_list_is_an_empty_inventory(world: World, tmp_path: Path) -> None:
    world.start(page=Page.EMPTY)
    file = tmp_path / "inventory.csv"
    export(world, Act.EXPORT_CSV, file)
    world.until(lambda: "0 tokens written" in world.notice())
    assert len(file.read_bytes().splitlines()) == 1


def test_a_dialog_that_is_cancelled_writes_nothing(world: World, tmp_path: Path) -> None:
    world.store("contoso", "Contoso")
    world.start()
    world.window.acts[Act.EXPORT_CSV].trigger()
    world.dialog().reject()
    world.until(lambda: not world.window.findChildren(QFileDialog))
    assert world.notice() == ""
