"""Slots are changed by several processes at once, or by one that is killed in the middle."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.keyroom import NOW, Keyroom, Program, opened, secret_of
from keyring_session import KeyringSession
from partner_tokens.core.errors.keys import KeyringDenied
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import PLANNED_FOR

PASSPHRASE = Secret("correct horse")
TESTS = Path(__file__).parents[1]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


class FileBackend:
    """A keyring whose entries outlive a process, in one file for each."""

    name = "Files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def get_password(self, service: str, _username: str) -> str | None:
        """The text of an entry; None when there is none."""
        path = self._path(service)
        return path.read_text() if path.exists() else None

    def set_password(self, service: str, _username: str, password: str) -> None:
        """Writes an entry."""
        self._path(service).write_text(password)

    def delete_password(self, service: str, _username: str) -> None:
        """Removes an entry."""
        if not self._path(service).exists():
            raise KeyringDenied("no such entry")
        self._path(service).unlink()

    def entries(self) -> set[str]:
        """The vault ids that have one."""
        return {path.name for path in self._folder.iterdir()}

    def _path(self, service: str) -> Path:
        return self._folder / service.partition("/")[2]


CHILD = """
import os, signal, sqlite3, sys
from pathlib import Path
from core.keyroom import Keyroom
from core.test_locksmith_processes import FileBackend
from partner_tokens.core.backups import Backups
from partner_tokens.core.datakey import DataKey
from partner_tokens.core.errors import AppError
from partner_tokens.core.secret import Secret
from partner_tokens.core.slots import Slots

folder, point, deed = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def die(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def before(owner, name):
    setattr(owner, name, die)

def after(owner, name):
    real = getattr(owner, name)
    def done(*arguments, **more):
        real(*arguments, **more)
        die()
    setattr(owner, name, done)

def count_down(owner, name, calls):
    real = getattr(owner, name)
    left = [calls]
    def counted(*arguments, **more):
        left[0] -= 1
        return die() if left[0] < 0 else real(*arguments, **more)
    setattr(owner, name, counted)

room = Keyroom(folder, FileBackend(folder / "keyring"))
program = room.program()
program.vault.unlock()
match point:
    case "none": pass
    case "entry planned": before(FileBackend, "set_password")
    case "entry made": after(FileBackend, "set_password")
    case "sealing": count_down(DataKey, "take_over", 3)
    case "before commit": after(Slots, "_replace")
    case "committed": before(program.database, "leave_no_trace")
    case "copy made": before(Backups, "_drop")
    case "copies replaced": after(program.database, "leave_no_trace")
    case "before deletion": before(FileBackend, "delete_password")
    case "deleted": after(FileBackend, "delete_password")
print("ready", flush=True)
sys.stdin.readline()
locksmith = program.locksmith
try:
    match deed:
        case "rotate": locksmith.rotate(None)
        case "rotate with passphrase": locksmith.rotate(Secret("correct horse"))
        case "remove keyring": locksmith.remove_keyring(Secret("correct horse"))
        case "add keyring": locksmith.add_keyring()
    print("done", flush=True)
except AppError as error:
    print(type(error).__name__, flush=True)
program.end()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "store"
    made.mkdir()
    return made


@pytest.fixture
def room(folder: Path) -> Iterator[Keyroom]:
    made = Keyroom(folder, FileBackend(folder / "keyring"))
    yield made
    made.end()


def filled(room: Keyroom) -> Program:
    """A store with rows of every sort, a recovery passphrase, and copies."""
    program = room.begun()
    for number in range(5):
        program.add(f"t{number}")
    program.trash.put(["t4"])
    program.add_pending("p", "t0")
    program.locksmith.set_passphrase(PASSPHRASE)
    program.database.back_up("daily")
    return program


EVERYTHING = {id: secret_of(id) for id in ("t0", "t1", "t2", "t3", "t4", "p")}


def child(folder: Path, point: str, deed: str) -> "subprocess.Popen[str]":
    """Another process, ready to do the deed."""
    made = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), point, deed],
        env={"PYTHONPATH": f"{TESTS.parent / 'gui'}:{TESTS}", "PATH": ""},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


POINTS = (
    "entry planned", "entry made", "sealing", "before commit", "committed", "copy made",
    "copies replaced", "before deletion", "deleted",
)  # fmt: skip
DEEDS = ("rotate", "rotate with passphrase", "add keyring", "remove keyring")
CRASHES = [
    (deed, point)
    for deed in DEEDS
    for point in POINTS
    if not (deed == "remove keyring" and point.startswith("entry"))
    if not (point == "sealing" and not deed.startswith("rotate"))
]


@pytest.mark.parametrize(("deed", "point"), CRASHES)
def test_whenever_a_process_is_killed_the_store_opens_and_all_is_cleared_up(
    room: Keyroom, folder: Path, deed: str, point: str
) -> None:
    filled(room).end()
    made = child(folder, point, deed)
    made.communicate("go\n", timeout=30)
    assert made.returncode == -signal.SIGKILL

    program = room.program()
    if program.vault.slot_kinds() == {"passphrase"}:
        program.vault.unlock_with(PASSPHRASE)
    else:
        program.vault.unlock()
    assert opened(program) == EVERYTHING
    program.trash.keep_house()
    room.clock.now = NOW + PLANNED_FOR * 2
    program.locksmith.sweep()
    backend = room.backend
    assert isinstance(backend, FileBackend)
    slots = program.slots.slots()
    assert backend.entries() == {slot.vault_id for slot in slots if slot.kind == "keyring"}
    assert not list(room.backups.glob("*.part"))
    for copy in room.copies():
        assert_opens(room, copy)
    program.locksmith.rotate(PASSPHRASE)
    assert opened(program) == EVERYTHING


@pytest.mark.parametrize("point", POINTS)
def test_each_copy_left_by_a_crash_opens_at_once(room: Keyroom, folder: Path, point: str) -> None:
    filled(room).end()
    child(folder, point, "rotate").communicate("go\n", timeout=30)
    assert room.copies()
    for copy in room.copies():
        assert_opens(room, copy)


def assert_opens(room: Keyroom, copy: Path) -> None:
    """The copy, put in the place of the store, opens by the keyring or by its passphrase."""
    other = Keyroom(room.data / copy.stem, room.backend)
    other.path.parent.mkdir(parents=True)
    other.path.write_bytes(copy.read_bytes())
    program = other.program()
    try:
        if "keyring" in program.vault.slot_kinds():
            program.vault.unlock()
        else:
            program.vault.unlock_with(PASSPHRASE)
        assert opened(program) == EVERYTHING
    finally:
        other.end()


def test_processes_that_rotate_at_once_agree_on_one_key(room: Keyroom, folder: Path) -> None:
    program = filled(room)
    children = [child(folder, "none", "rotate with passphrase") for _ in range(3)]
    told: list[str] = []

    def go(one: "subprocess.Popen[str]") -> None:
        told.append(one.communicate("go\n", timeout=60)[0].strip())

    threads = [threading.Thread(target=go, args=(one,)) for one in children]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(told) == ["KeyReplaced", "KeyReplaced", "done"]
    assert program.vault.is_stale
    program.vault.unlock()
    assert opened(program) == EVERYTHING
    backend = room.backend
    assert isinstance(backend, FileBackend)
    assert backend.entries() == {program.slots.slots()[0].vault_id}
    assert len(room.copies()) == 1


@pytest.mark.keyring
@pytest.mark.skipif(sys.platform != "linux", reason="GNOME Keyring runs on Linux")
def test_every_deed_works_with_a_real_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from partner_tokens.core.keychain import system_backend

    session = KeyringSession(tmp_path)
    session.enter(monkeypatch)
    room = Keyroom(tmp_path)

    def program() -> Program:
        return room.program(system_backend())

    def labels() -> set[str]:
        with session.collection() as collection:
            assert collection is not None
            services = [item.get_attributes()["service"] for item in collection.get_all_items()]
        return {service.partition("/")[2] for service in services}

    try:
        first = program()
        first.vault.begin_with_keyring()
        for id in ("t0", "t1"):
            first.add(id)
        first.locksmith.set_passphrase(PASSPHRASE)
        first.locksmith.rotate(PASSPHRASE)
        assert labels() == {first.slots.slots()[0].vault_id}
        second = program()
        second.vault.unlock()
        assert opened(second) == {id: secret_of(id) for id in ("t0", "t1")}
        second.locksmith.remove_passphrase()
        second.locksmith.remove_keyring(PASSPHRASE)
        assert labels() == set()
        third = program()
        third.vault.unlock_with(PASSPHRASE)
        third.locksmith.add_keyring()
        third.locksmith.rotate(None)
        fourth = program()
        fourth.vault.unlock()
        assert opened(fourth) == {id: secret_of(id) for id in ("t0", "t1")}
        assert labels() == {slot.vault_id for slot in fourth.slots.slots()}
    finally:
        session.stop()
        room.end()
