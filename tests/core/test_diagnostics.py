"""What is told of the program and its choices, and what never is."""

from dataclasses import fields, replace
from typing import Any

from partner_tokens.core.diagnostics import (
    CHOICES,
    library_facts,
    preference_facts,
    report,
    system_facts,
)
from partner_tokens.core.licences import NAME, PYTHON, QT, shipped_parts
from partner_tokens.core.preferences import Preferences


def test_choices_and_numbers_are_told_and_what_a_user_has_written_is_not() -> None:
    marker = "contoso-marker"
    told: dict[str, Any] = {"min_life": 20, "proxy": "manual", "reminders": False, "format": "curl"}
    kept: dict[str, Any] = {"ca_file": f"/home/ana/{marker}.pem", "portals": {marker: marker}}
    facts = dict(preference_facts(replace(Preferences(), **told, **kept)))
    assert facts == {
        "preference min_life": "20",
        "preference proxy": "manual",
        "preference reminders": "False",
        "preference format": "curl",
        "preference ca_file": "set",
        "preference portals": "set",
    }


def test_no_preference_that_takes_any_text_is_told_in_full() -> None:
    """Whoever adds a choice of a few words adds it to CHOICES, and looks here."""
    texts = {field.name for field in fields(Preferences) if field.type in {"str", str}}
    marker = "anything at all"
    written: dict[str, Any] = dict.fromkeys(texts, marker)
    facts = dict(preference_facts(replace(Preferences(), **written)))
    in_full = {name.removeprefix("preference ") for name, value in facts.items() if marker in value}
    assert in_full == CHOICES


def test_the_usual_choices_and_the_place_of_the_window_are_not_worth_a_line() -> None:
    assert preference_facts(Preferences()) == []
    assert preference_facts(replace(Preferences(), geometry="abc", details=True)) == []


def test_a_report_has_a_line_for_each_fact_and_strikes_out_what_looks_like_a_secret() -> None:
    text = report([("LANG", "C.UTF-8"), ("odd", "csp-auth-token: eyJhbGciOi.eyJzdWIi.c2ln")])
    assert text.splitlines()[0] == "LANG: C.UTF-8"
    assert "eyJ" not in text


def test_program_system_and_libraries_are_told_once_with_their_versions() -> None:
    system, libraries = dict(system_facts()), dict(library_facts())
    assert {NAME, PYTHON, "System", "TLS"} <= set(system)
    assert {QT, "requests", "cryptography"} <= set(libraries)
    assert set(system) & set(libraries) == set()
    assert all(libraries.values())


def test_parts_of_other_systems_are_named_without_a_version_and_with_their_text() -> None:
    parts = {part.name: part for part in shipped_parts()}
    assert next(iter(parts)) == NAME
    foreign = parts["pywin32-ctypes"]
    assert foreign.version == ""
    assert "Enthought" in foreign.text()
