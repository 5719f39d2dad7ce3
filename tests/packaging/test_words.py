"""Every translation is whole, in step with the source, and keeps what is no word."""

import re
import string
from collections import Counter

import pytest
from babel.messages.catalog import Message

from pseudo_words import PSEUDO, pseudo
from words import TRANSLATIONS, refreshed, source_words, translation, untranslated, written

LANGUAGES = sorted(file.stem for file in TRANSLATIONS.glob("*.po"))

TERMS = {
    # as the service's own documentation says it: English, and what must occur in Spanish
    r"\bAPI tokens?\b": r"\btokens? de API\b",
    r"\baccess tokens?\b": r"\btokens? de autenticación\b",
    r"\borganizations?\b": r"\borganizaci(ón|ones)\b",
    r"\brevok": r"\brev[oó](c|qu)",
    r"\bregenerat": r"\bregen[eé]r",
    r"\bcustomers?\b": r"\bclientes?\b",
    r"\bheaders?\b": r"\bencabezados?\b",
    r"\bpassphrase\b": r"\bfrase\b",
    r"\bpasscode\b": r"\bcódigo de acceso\b",
    r"\bkeyring\b(?! \()": r"\bllavero\b",
    r"\btrash\b": r"\bpapelera\b",
}
UNTRANSLATED = re.compile(
    r"`[^`]*`|header --[a-z-]+|«[^»]*»|“[^”]*”|--[a-z-]+|\{[^}]*\}|https?://\S+|%\([a-z_]+\)[sr]"
)
"""Commands, options, names and placeholders may bear an English word in any language."""

MISTAKES = {
    "a space too many": re.compile(r"(?<!·)  (?!·|⏎)|^ | $"),
    "English quotation marks": re.compile('[“”"]'),
    "an opening mark is missing": re.compile(r"^[^¿]*\?|^[^¡]*!"),
    "three dots": re.compile(r"\.\.\."),
}


def pairs(message: Message) -> list[tuple[str, str]]:
    """Each form beside the one it was made of."""
    sources = (message.id,) if isinstance(message.id, str) else message.id
    words = (message.string,) if isinstance(message.string, str) else message.string or ()
    return list(zip(sources, words, strict=True))


def placeholders(text: str) -> Counter[str]:
    named = [field for _text, field, _spec, _conversion in string.Formatter().parse(text) if field]
    return Counter(named + re.findall(r"%\([a-z_]+\)[sr]|(?<!%)%[sr]", text))


@pytest.fixture(params=LANGUAGES, scope="module")
def messages(request: pytest.FixtureRequest) -> list[Message]:
    """The words of one language."""
    return [message for message in translation(request.param) if message.id]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_unused_or_out_of_step(language: str) -> None:
    found = refreshed(language)
    assert [message.id for message in untranslated(found)] == []
    unused = {str(message.id) for message in found.obsolete.values()}
    assert unused == set()
    on_disk = (TRANSLATIONS / f"{language}.po").read_text("utf-8")
    assert written(found) == on_disk, "run: python3 packaging/dev.py words"


def test_the_catalogue_holds_no_line_of_the_source_nor_a_date(messages: list[Message]) -> None:
    assert [message.locations for message in messages if message.locations] == []


def test_placeholders_are_those_of_the_source(messages: list[Message]) -> None:
    wrong = []
    for message in messages:
        for source, words in pairs(message):
            # a form for one may leave the number to the words, as English does, too
            missing = placeholders(source) - placeholders(words)
            unknown = set(placeholders(words)) - set(placeholders(str(message.id)))
            if unknown or (missing and set(missing) != {"count"}):
                wrong.append((source, words))
    assert wrong == []


def test_a_key_is_given_where_the_source_gives_one_and_nowhere_else(
    messages: list[Message],
) -> None:
    key = re.compile(r"&(?=\S)")
    wrong = [
        (source, words)
        for message in messages
        for source, words in pairs(message)
        if len(key.findall(source)) != len(key.findall(words))
    ]
    assert wrong == []


def test_words_end_as_they_do_in_the_source(messages: list[Message]) -> None:
    ends = ("…", ":", ": ", ".", "?", "\n", ",", " ")
    abbreviated = ("id.", "Id.")
    wrong = []
    for message in messages:
        for source, words in pairs(message):
            end = next((end for end in ends if source.endswith(end)), "")
            more = not end and words.endswith(ends) and not words.endswith(abbreviated)
            if more or not words.endswith(end):
                wrong.append((source, words))
    assert wrong == []


def test_spanish_speaks_in_the_terms_of_the_service() -> None:
    wrong = []
    for message in translation("es"):
        for source, words in pairs(message) if message.id else ():
            plain, spanish = (UNTRANSLATED.sub("", each) for each in (source, words))
            spanish = spanish.replace("&", "")
            wrong += [
                (source, words)
                for english, term in TERMS.items()
                if re.search(english, plain.replace("&", ""), re.IGNORECASE)
                if not re.search(term, spanish, re.IGNORECASE)
            ]
    assert wrong == []


def test_spanish_is_set_as_spanish_is() -> None:
    wrong = [
        (mistake, words)
        for message in translation("es")
        for _source, words in (pairs(message) if message.id else ())
        for mistake, pattern in MISTAKES.items()
        if pattern.search(words.removeprefix("uso: "))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", PSEUDO)
def test_the_pseudo_language_changes_words_and_keeps_the_rest(name: str) -> None:
    made = pseudo(source_words(), name)
    for message in made:
        if message.id:
            for source, strange in pairs(message):
                assert strange != source
                assert placeholders(strange) == placeholders(source)
                assert strange.strip().lstrip("\u200f")[0] == "["
                assert strange.strip()[-1] == "]"
