"""Which language is spoken, and that English costs nothing."""

import plistlib
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partner_tokens.assets import resources_folder
from partner_tokens.core.language import _, _n, choose_by, spoken
from partner_tokens.core.languages import (
    LANGUAGES,
    SOURCE,
    apple_languages,
    system_language,
    system_speaks_source,
)
from partner_tokens.core.lifetime import Expiry
from partner_tokens.core.tokens import ApiToken, Organization, Result, State
from partner_tokens.core.wording import exact, row_sentence, when_words


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing said by the environment, and the choice of a test ends with it."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield
    monkeypatch.undo()
    choose_by(str)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "en"),
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_ES.UTF-8"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "ca:es:en"}, "es"),
        ({"LANG": "es_ES.UTF-8", "LANGUAGE": "en_US:es"}, "en"),
        ({"LANG": "es_ES@euro"}, "es"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "es"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "es_ES.UTF-8"}, "en"),
        ({"LANGUAGE": "en_XA"}, "en_XA"),
    ],
)
def test_the_environment_is_read_as_gettext_reads_it(
    told: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert system_language() == expected


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system has other ways")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"LANG": "C.UTF-8"}, True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, True),
        ({"LANG": "fr_FR.UTF-8"}, False),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_NUMERIC": "es_ES.UTF-8"}, False),
    ],
)
def test_nothing_is_set_where_the_whole_system_speaks_english(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LC_NUMERIC", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_speaks_source() is expected


def test_what_the_user_chose_holds_against_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    choose_by(lambda: "en")
    assert spoken() == "en"
    assert _("Cancel") == "Cancel"
    choose_by(lambda: "")
    assert spoken() == "es"


def test_a_language_that_is_none_of_ours_falls_back_to_the_system() -> None:
    choose_by(lambda: "tlh")
    assert spoken() == "en"


def test_what_was_chosen_is_asked_for_with_the_first_word_and_once() -> None:
    asked: list[str] = []

    def chosen() -> str:
        asked.append("now")
        return "es"

    choose_by(chosen)
    assert asked == []
    _("Cancel")
    _n("{count} day", "{count} days", 2)
    assert asked == ["now"]


def test_words_without_a_compiled_translation_stay_english(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("partner_tokens.assets.resources_folder", lambda: tmp_path)
    choose_by(lambda: "es")
    assert _("Cancel") == "Cancel"
    assert _n("{count} day", "{count} days", 1) == "{count} day"


def test_the_languages_of_macos_are_read_from_its_settings(tmp_path: Path) -> None:
    assert apple_languages(tmp_path) == []
    settings = tmp_path / "Library" / "Preferences" / ".GlobalPreferences.plist"
    settings.parent.mkdir(parents=True)
    settings.write_bytes(
        plistlib.dumps({"AppleLanguages": ["es-419", "en"]}, fmt=plistlib.FMT_BINARY)
    )
    assert apple_languages(tmp_path) == ["es-419", "en"]
    for damaged in (b"", b"bplist00", plistlib.dumps(["es"])):
        settings.write_bytes(damaged)
        assert apple_languages(tmp_path) == []


def test_english_words_load_no_catalogue() -> None:
    program = (
        "import sys\nfrom partner_tokens.core.language import _, _n\n_('Cancel'), _n('a', 'b', 2)\n"
        "print('gettext' in sys.modules, 'partner_tokens.assets' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_every_language_but_the_source_has_a_translation() -> None:
    found = {file.stem for file in (resources_folder() / "translations").glob("*.po")}
    assert found == set(LANGUAGES) - {SOURCE}


@pytest.mark.parametrize(
    ("count", "words"), [(0, "{count} días"), (1, "{count} día"), (2, "{count} días")]
)
def test_plurals_are_those_of_spanish(count: int, words: str) -> None:
    choose_by(lambda: "es")
    assert _n("{count} day", "{count} days", count) == words


def test_a_row_is_read_aloud_as_one_spanish_sentence() -> None:
    now = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
    token = ApiToken(
        id="a",
        organization=Organization("Contoso", "org", production=True),
        name="build",
        endpoint="https://console.navigator.vmware.com",
        added_at=now,
        expiry=Expiry(now + timedelta(days=3, hours=1)),
        pinned=True,
        result=Result(State.READY, None, now),
    )
    choose_by(lambda: "es")
    assert row_sentence(token, timedelta(minutes=1), now) == (
        "Contoso, producción, build, anclado, caduca en 3 días, aviso, "
        "token de autenticación válido 1 minuto más, Listo"
    )
    assert exact(token.expiry.at or now, UTC) == "jue 4 jun 2026, 13:00 UTC"
    assert when_words(now - timedelta(minutes=5), now, UTC) == "hace 5 min"
    assert when_words(now - timedelta(days=40), now, UTC) == "22 abr"
