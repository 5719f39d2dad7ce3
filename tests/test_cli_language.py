"""The terminal in the language of the system, or in the one that the user has chosen."""

import json
from pathlib import Path

import pytest

from terminal_program import Program

SPANISH = {"LANG": "es_MX.UTF-8"}


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """In a Spanish session, on a profile of its own."""
    return Program(tmp_path, SPANISH)


def choose(program: Program, language: str) -> None:
    path = program.profile.preferences_path
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(json.dumps({"language": language}), encoding="utf-8")


def test_the_terminal_speaks_the_language_of_the_system(program: Program) -> None:
    done = program("list")
    assert done.err.startswith("Aún no hay tokens guardados en ")


def test_the_chosen_language_holds_against_that_of_the_system(program: Program) -> None:
    choose(program, "en")
    assert program("list").err.startswith("No tokens are stored in ")
    english = Program(program.home, {"LANG": "en_US.UTF-8"})
    choose(english, "es")
    assert english("list").err.startswith("Aún no hay tokens guardados en ")


def test_a_chosen_language_that_is_none_of_ours_is_passed_over(program: Program) -> None:
    choose(program, "tlh")
    assert program("list").err.startswith("Aún no hay tokens guardados en ")


def test_help_is_whole_in_spanish(program: Program) -> None:
    told = program("--help", passphrase=None).out
    assert told.startswith("uso: partner-tokens-cli ")
    for words in ("opciones:", "muestra esta ayuda y termina", "Códigos de salida: 0 hecho"):
        assert words in told
    for words in ("usage", "options", "show ", "positional"):
        assert words not in told.replace("    show  ", "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (("header",), "error: faltan estos argumentos: CUÁL"),
        (("list", "--nothing"), "error: argumentos desconocidos: --nothing"),
        (("export", "--format", "doc"), "opción no válida: 'doc' (elija entre"),
        (("header", "contoso", "--min-life", "5x"), "no es un intervalo de tiempo: escriba 90s"),
        (("exec", "contoso"), "error: exec necesita un programa"),
    ],
)
def test_a_line_that_cannot_be_used_is_told_of_in_spanish(
    program: Program, line: tuple[str, ...], words: str
) -> None:
    done = program(*line, passphrase=None)
    assert done.code == 2
    assert "uso: " in done.err
    assert words in done.err


def test_what_programs_read_is_the_same_in_every_language(program: Program) -> None:
    english = Program(program.home, {"LANG": "en_US.UTF-8"})
    for line in (("list", "--json"), ("export",), ("expiring", "--json")):
        assert program(*line).out == (english(*line).out)
