"""Who may import whom, and what: read from the source, held against these tables."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import partner_tokens

PACKAGE = Path(partner_tokens.__file__).parent

CORE = (
    # A module imports modules of lines above its own, never of its own line or of one below.
    {"languages"},
    {
        "clock",
        "hotkeys",
        "secret",
        "lifetime",
        "sealing",
        "language",
        "schema",
        "deadlines",
        "ending",
        "events",
        "stages",
        "licences",
    },
    {
        "errors",
        "redaction",
        "instants",
        "claims",
        "formats",
        "presence",
        "certificates",
    },
    {
        "tokens",
        "connecting",
        "backoff",
        "datakey",
        "keychain",
        "ladder",
        "faults",
        "places",
        "documents",
        "proxy_address",
        "dates",
        "age_file",
        "blocks",
    },
    {"lookalike"},
    {
        "rows",
        "flight",
        "strangers",
        "trust",
        "failures",
        "replies",
        "wrapping",
        "columns",
        "marks",
        "bulk_change",
        "logs",
        "profile",
        "digest",
        "renewal_queue",
        "inventory",
        "digest_days",
        "files",
        "portals",
        "instance",
        "ranking",
        "age_process",
        "kind_words",
    },
    {"credentials", "kept", "records", "exchanging", "history", "autostart", "templates"},
    {
        "environment",
        "statements",
        "relay",
        "backups",
        "transport",
        "navigator",
        "cloud_services",
        "drafts",
        "wording",
        "sheets",
        "intake",
        "vault",
        "forms",
    },
    {"oauth_apps", "history_sheet", "tenants", "door", "preferences", "reading_copy", "store_file"},
    {"service", "diagnostics", "mending"},
    {"database", "rungs", "calendar_file", "settings", "handover"},
    {"proxy_login"},
    {"proxies"},
    {"store", "slots", "importing", "trash", "pending", "asking", "organizations", "bulk_edits"},
    {
        "registry",
        "broker",
        "diagnosis",
        "export",
        "settlement",
        "recognition",
        "outgoing",
        "choosing",
        "corrections",
    },
    {"renewal", "locksmith", "coverage"},
)
"""From the nouns to what joins store, vault and service."""

ROOMS = {
    # room: the rooms it may import from, besides itself; `core` is what lies in core/, and so on
    "core": {"assets", "partner_tokens"},
    "ui": {"core", "assets", "partner_tokens"},
    "command_line": {"core"},
    "terminal": {"ahead", "command_line", "assets", "core", "parts", "sandbox", "partner_tokens"},
    "sandbox": {"core", "parts"},
    "parts": {"core"},
    "assets": set(),
    "ahead": set(),
    "application": {"deeds", "ui", "core", "assets", "partner_tokens"},
    "deeds": {"ui"},
    "picture": {"application", "ui"},
    "cli": {"terminal", "core"},
    "__main__": {
        "command_line",
        "application",
        "picture",
        "ui",
        "core",
        "parts",
        "sandbox",
        "ahead",
        "partner_tokens",
    },
    "__init__": set(),
}

NOT_FOR_THE_WINDOW = {
    "database", "store", "statements", "rows", "vault", "datakey", "keychain", "transport", "trust",
    "connecting", "failures", "replies", "exchanging", "records", "navigator", "cloud_services",
    "oauth_apps", "service", "asking", "diagnosis", "broker", "kept", "intake", "trash", "pending",
    "renewal", "history", "settlement", "recognition", "outgoing", "age_process", "organizations",
    "bulk_edits", "tenants", "coverage",
    "slots", "wrapping", "locksmith", "proxies", "reading_copy", "store_file", "mending",
}  # fmt: skip
"""The window is handed these by `parts`, once they are loaded; it never loads them itself."""

ONLY_IMPORT_OF = {
    "keyring": {"core/keychain.py"},
    "secretstorage": {"core/keychain.py"},
    # On another thread than the GUI's it deletes widgets of that one.
    "gc": {"ui/collecting.py", "__main__.py", "cli.py"},
    "cryptography": {"core/datakey.py", "core/certificates.py"},
    "sqlite3": {
        "core/database.py",
        "core/store_file.py",
        "core/mending.py",
        "core/statements.py",
        "core/history.py",
        "core/organizations.py",
        "core/bulk_edits.py",
        "core/backups.py",
        "core/presence.py",
        "core/reading_copy.py",
        "core/pending.py",
        "core/trash.py",
        "core/slots.py",
    },
    "requests": {"core/transport.py", "core/trust.py", "core/failures.py"},
    "urllib3": {"core/transport.py", "core/trust.py", "core/failures.py"},
    "truststore": {"core/trust.py"},
    "platformdirs": {"core/profile.py"},
    "pyrage": {"core/age_process.py"},
    "Xlib": {"ui/hotkey_x11.py"},
    "gettext": {"core/language.py"},
    "argparse": {"__main__.py", "command_line.py", "terminal/"},
    "PySide6": {"ui/", "application.py", "deeds.py", "picture.py"},
    "shiboken6": {"ui/"},
}

HAS_WORDS = {
    "ui/", "terminal/", "__main__.py", "command_line.py", "core/errors/", "core/wording.py",
    "core/rungs.py", "core/marks.py", "core/kind_words.py",
}  # fmt: skip
"""Where a user is spoken to, and so the only places that translate."""


@dataclass(frozen=True)
class Import:
    """One import of one module; `for_types` ones never happen at run time."""

    file: str
    module: str
    for_types: bool


@cache
def imports() -> tuple[Import, ...]:
    return tuple(
        found
        for path in sorted(PACKAGE.rglob("*.py"))
        for found in imports_in(path.read_text("utf-8"), path.relative_to(PACKAGE).as_posix())
    )


def imports_in(source: str, file: str) -> Iterator[Import]:
    def walk(node: ast.AST, for_types: bool) -> Iterator[Import]:
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for statement in node.body:
                    yield from walk(statement, True)
                for statement in node.orelse:
                    yield from walk(statement, for_types)
                return
            case ast.Import():
                for alias in node.names:
                    yield Import(file, alias.name, for_types)
            case ast.ImportFrom(module=str(module)):
                for alias in node.names:
                    whole = f"{module}.{alias.name}"
                    is_module = whole.startswith("partner_tokens.") and is_file(whole)
                    yield Import(file, whole if is_module else module, for_types)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, for_types)

    yield from walk(ast.parse(source), False)


def is_file(module: str) -> bool:
    path = PACKAGE.parent.joinpath(*module.split("."))
    return path.with_suffix(".py").is_file() or path.is_dir()


def ours() -> Iterator[tuple[Import, list[str]]]:
    """Imports of our own modules at run time, with the path inside the package."""
    for found in imports():
        parts = found.module.split(".")
        if parts[0] == "partner_tokens" and not found.for_types:
            yield found, parts[1:]


def room_of(file: str) -> str:
    return file.partition("/")[0].removesuffix(".py")


def name_in_core(file: str) -> str:
    """The module, or the package it is in."""
    return file.split("/")[1].removesuffix(".py")


def is_in(file: str, places: set[str]) -> bool:
    return any(file == place or (place[-1] == "/" and file.startswith(place)) for place in places)


# ---- the tables -------------------------------------------------------------------------------


def test_every_module_of_the_core_has_its_place() -> None:
    core = PACKAGE / "core"
    files = {path.stem for path in core.glob("*.py")} - {"__init__"}
    files |= {path.parent.name for path in core.glob("*/__init__.py")}
    placed = [name for line in CORE for name in line]
    assert len(placed) == len(set(placed))
    assert set(placed) == files


def test_every_room_is_in_the_table() -> None:
    assert {room_of(path.relative_to(PACKAGE).as_posix()) for path in PACKAGE.rglob("*.py")} == set(
        ROOMS
    )


def test_the_core_imports_upwards_only() -> None:
    line_of = {name: number for number, line in enumerate(CORE) for name in line}
    wrong = [
        f"{found.file} imports {found.module}"
        for found, path in ours()
        if found.file.startswith("core/") and path[:1] == ["core"]
        if path[1] != name_in_core(found.file)
        if line_of[path[1]] >= line_of[name_in_core(found.file)]
    ]
    assert wrong == []


def test_rooms_import_from_the_rooms_they_may() -> None:
    wrong = []
    for found, path in ours():
        room, target = room_of(found.file), path[0] if path else "partner_tokens"
        if target != room and target not in ROOMS[room]:
            wrong.append(f"{found.file} imports {found.module}")
    assert wrong == []


def test_the_window_never_loads_what_waits_for_disk_network_or_keyring() -> None:
    wrong = [
        f"{found.file} imports {found.module}"
        for found, path in ours()
        if room_of(found.file) in {"ui", "application", "deeds", "picture"}
        if path[:1] == ["core"] and path[1] in NOT_FOR_THE_WINDOW
    ]
    assert wrong == []


@pytest.mark.parametrize("library", ONLY_IMPORT_OF)
def test_each_library_is_imported_where_it_belongs_only(library: str) -> None:
    files = {found.file for found in imports() if found.module.split(".")[0] == library}
    assert files
    assert [file for file in sorted(files) if not is_in(file, ONLY_IMPORT_OF[library])] == []


def test_words_are_said_where_users_are_spoken_to_only() -> None:
    files = {found.file for found in imports() if found.module == "partner_tokens.core.language"}
    assert [file for file in sorted(files) if not is_in(file, HAS_WORDS)] == []


def test_nobody_imports_the_folders_of_the_repository() -> None:
    roots = {found.module.split(".")[0] for found in imports()}
    assert not roots & {"gui", "resources", "tests", "packaging"}


def test_the_running_application_is_asked_for_in_one_place() -> None:
    wrong = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Attribute(value=ast.Name(id=name), attr="instance"):
                    if name.startswith("Q") and path.name != "application.py":
                        wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_the_reader_of_imports_tells_types_from_run_time() -> None:
    source = (
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import keyring\nelse:\n    import requests\n"
        "def late():\n    from partner_tokens.core import store\n"
    )
    assert list(imports_in(source, "x.py")) == [
        Import("x.py", "typing", False),
        Import("x.py", "keyring", True),
        Import("x.py", "requests", False),
        Import("x.py", "partner_tokens.core.store", False),
    ]


# ---- what is really loaded --------------------------------------------------------------------

HEAVY = {
    "PySide6", "shiboken6", "requests", "urllib3", "truststore", "keyring", "cryptography",
    "pyrage",
}  # fmt: skip
PROGRAM = """
import atexit, json, sys
from partner_tokens.cli import main
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
main(sys.argv[1:])
"""


def loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_a_list_for_programs_loads_no_heavy_library_and_no_words(tmp_path: Path) -> None:
    modules = loaded_by("--profile", str(tmp_path), "list", "--json")
    assert modules & HEAVY == set()
    assert "partner_tokens.assets" not in modules  # where the catalogue of words would be found


def test_the_terminal_never_loads_qt(tmp_path: Path) -> None:
    modules = loaded_by("--demo", "check", "contoso")
    assert {name.partition(".")[0] for name in modules} & {"PySide6", "shiboken6"} == set()


@pytest.mark.parametrize("language", ["en_US.UTF-8", "es_ES.UTF-8"])
def test_a_header_needs_no_words(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.delenv("LANGUAGE", raising=False)
    assert "partner_tokens.assets" not in loaded_by("--demo", "header", "contoso")


def test_a_header_reads_no_certificates() -> None:
    assert "cryptography.x509" not in loaded_by("--demo", "header", "contoso")
