"""Errors: each has a title and one next step, in words fit to show."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import iter_modules

import pytest

from partner_tokens.core import errors
from partner_tokens.core.errors import AppError
from partner_tokens.core.errors.files import (
    ColumnUnread,
    EarlierFileKept,
    FileUnwritable,
    PreferencesUnreadable,
    Unimportable,
    Unusable,
    WrongFilePassphrase,
)
from partner_tokens.core.errors.keys import KeyringChanged, SecretStorageError
from partner_tokens.core.errors.organizations import (
    NameTaken,
    OrganizationIdTaken,
    OrganizationNameTaken,
    OrganizationPaused,
)
from partner_tokens.core.errors.service import (
    BrokenReply,
    CaFileUnusable,
    PasscodeNeeded,
    Refused,
    ServiceError,
    Throttled,
    Unreachable,
)
from partner_tokens.core.errors.store import Hindrance, StoreError, StoreReadOnly
from partner_tokens.core.errors.templates import (
    PlaceholderInQuotes,
    PlaceholderUnknown,
    PlaceholderUnquoted,
)
from partner_tokens.core.errors.tokens import (
    AnotherOrganization,
    DuplicateToken,
    InTrash,
    RepeatedToken,
)
from partner_tokens.core.errors.typed import InputError, Problem
from partner_tokens.core.relay import Relayed, access_in, refuse
from partner_tokens.core.stages import Flaw, Stage

HOST = "console.navigator.vmware.com"
AT = datetime(2026, 6, 1, tzinfo=UTC)

ABSTRACT = {SecretStorageError, StoreError, ServiceError}


FORMATS = ("PLACEHOLDER", "FORMAT", "TEMPLATE")

SHAPES: dict[type[AppError], list[AppError]] = {
    DuplicateToken: [DuplicateToken("Contoso", "build")],
    InTrash: [InTrash("Contoso", "build")],
    RepeatedToken: [RepeatedToken("a.csv", 3), RepeatedToken("a.txt", 0), RepeatedToken("", 0)],
    NameTaken: [NameTaken("Contoso")],
    OrganizationNameTaken: [OrganizationNameTaken("Contoso")],
    OrganizationIdTaken: [OrganizationIdTaken("Contoso")],
    OrganizationPaused: [OrganizationPaused("Contoso")],
    ColumnUnread: [ColumnUnread("a.csv", "Staging", 3), ColumnUnread("", "", 3)],
    Unimportable: [Unimportable(reason, name) for reason in Unusable for name in ("a.csv", "")],
    WrongFilePassphrase: [WrongFilePassphrase("a.age"), WrongFilePassphrase("")],
    KeyringChanged: [KeyringChanged("KWallet", "Secret Service")],
    Throttled: [Throttled(HOST, AT), Throttled(HOST, None)],
    EarlierFileKept: [EarlierFileKept("a.age", ["Contoso, build"] * count) for count in (1, 4)],
    CaFileUnusable: [CaFileUnusable(HOST)],
    PlaceholderUnknown: [
        PlaceholderUnknown("tokn", ("token", "header")),
        PlaceholderUnknown("token:x", ("sh", "powershell")),
    ],
    PlaceholderInQuotes: [PlaceholderInQuotes("token", "sh")],
    PlaceholderUnquoted: [PlaceholderUnquoted("note", ("sh", "powershell"))],
}


def all_kinds() -> Iterator[type[AppError]]:
    """Those of every module of the package."""
    names = [module.name for module in iter_modules(errors.__path__)]
    for module in (errors, *(import_module(f"{errors.__name__}.{name}") for name in names)):
        for kind in vars(module).values():
            if isinstance(kind, type) and issubclass(kind, AppError) and kind is not AppError:
                yield kind


def made(kind: type[AppError]) -> list[AppError]:
    """Every shape in which this error can be met."""
    if kind is InputError:
        return [InputError(problem) for problem in Problem]
    if kind is Unreachable:
        return [
            Unreachable(HOST, stage, cause=cause, flaw=flaw)
            for stage in Stage
            for cause in ("", "407", "502")
            for flaw in (None, *Flaw)
        ]
    if kind is BrokenReply:
        return [
            BrokenReply(HOST),
            BrokenReply(HOST, web_page=True),
            BrokenReply(HOST, moved_to="evil.example"),
            *(BrokenReply(HOST, flaw=flaw) for flaw in Flaw),
            *(BrokenReply(HOST, status=status) for status in (304, 404, 418)),
        ]
    if kind is PasscodeNeeded:
        return [PasscodeNeeded(HOST), PasscodeNeeded(HOST, wrong=True)]
    if kind is AnotherOrganization:
        return [AnotherOrganization("Contoso", "Fabrikam"), AnotherOrganization("Contoso", "")]
    if kind is StoreReadOnly:
        return [StoreReadOnly("/home/ana", hindrance) for hindrance in Hindrance]
    if kind in SHAPES:
        return SHAPES[kind]
    if kind in {FileUnwritable, PreferencesUnreadable} or issubclass(kind, StoreError):
        return [kind("/home/ana/tokens.sqlite3")]
    if issubclass(kind, ServiceError):
        return [kind(HOST)]
    return [kind()]


def _speaks_of_a_format(error: AppError) -> bool:
    """Whether its words show placeholders as they are written in a format of the user's own."""
    return isinstance(error, InputError) and error.problem.name.startswith(FORMATS)


def test_every_error_says_what_happened_and_what_to_do() -> None:
    for kind in set(all_kinds()) - ABSTRACT:
        for error in made(kind):
            assert error.title.endswith((".", "!")), error.title
            assert error.hint.endswith((".", "!")), error.hint
            if not _speaks_of_a_format(error):  # there they are placeholders of the user's
                assert "{" not in error.title + error.hint
            assert str(error) == f"{error.title} {error.hint}"


def test_no_two_problems_are_told_in_the_same_words() -> None:
    words = [(InputError(problem).title, InputError(problem).hint) for problem in Problem]
    assert len(set(words)) == len(words)


def test_no_two_stages_are_told_in_the_same_words() -> None:
    titles = {Unreachable(HOST, stage, cause="x").title for stage in Stage}
    assert len(titles) == len(Stage)


@pytest.mark.parametrize(
    ("stage", "flaws"),
    [
        (Stage.TCP, {None, Flaw.NO_ROUTE}),
        (Stage.TIMEOUT, {None, Flaw.SILENT}),
        (Stage.REPLY, {None, Flaw.CUT_OFF, Flaw.HALF}),
        (
            Stage.TLS,
            {None, Flaw.EXPIRED, Flaw.NOT_YET, Flaw.WRONG_HOST, Flaw.SELF_SIGNED, Flaw.OLD_TLS,
             Flaw.NOT_TLS, Flaw.CUT_OFF},
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cause", ["", "x"])
def test_no_two_flaws_of_a_stage_are_told_in_the_same_words(
    stage: Stage, flaws: set[Flaw | None], cause: str
) -> None:
    titles = {Unreachable(HOST, stage, cause=cause, flaw=flaw).title for flaw in flaws}
    assert len(titles) == len(flaws)


def test_no_two_flaws_of_an_answer_are_told_in_the_same_words() -> None:
    flaws = (
        *(Flaw.TOO_LONG, Flaw.PACKED, Flaw.NOT_TEXT, Flaw.NOT_JSON),
        *(Flaw.TOO_DEEP, Flaw.TWICE, Flaw.NO_TOKEN),
    )
    titles = {BrokenReply(HOST, flaw=flaw).title for flaw in (None, *flaws)}
    assert len(titles) == len(flaws) + 1


def test_a_proxys_answers_are_told_apart() -> None:
    errors = [Unreachable(HOST, Stage.PROXY, cause=cause) for cause in ("", "403", "407")]
    errors += [Unreachable(HOST, Stage.PROXY, flaw=f) for f in (Flaw.NOT_TLS, Flaw.CUT_OFF)]
    assert len({error.title for error in errors}) == 5
    assert "403" in errors[1].title


def test_an_error_of_the_window_keeps_its_kind_on_the_way_to_the_terminal() -> None:
    for kind in set(all_kinds()) - ABSTRACT:
        with pytest.raises(Relayed) as caught:
            access_in(refuse(made(kind)[0]))
        assert caught.value.kind is kind


def test_an_error_without_words_cannot_be_shown() -> None:
    with pytest.raises(NotImplementedError):
        _ = AppError().title


def test_names_of_hosts_organizations_and_issuers_appear_in_the_words() -> None:
    assert "Zscaler" in Unreachable(HOST, Stage.TLS, cause="Zscaler").title
    assert HOST in Unreachable(HOST, Stage.TLS).title
    assert "evil.example" in BrokenReply(HOST, moved_to="evil.example").title
    assert "KWallet" in KeyringChanged("KWallet", "Secret Service").hint
    assert "Fabrikam" in AnotherOrganization("Contoso", "Fabrikam").title
    assert "Contoso" in AnotherOrganization("Contoso", "").title


def test_a_brace_in_a_name_is_no_placeholder() -> None:
    assert "{found} {x}" in AnotherOrganization("{found} {x}", "").title
    assert "{name}" in DuplicateToken("{name}", "build").title


def test_details_are_kept_beside_the_words() -> None:
    error = Refused(HOST, "HTTP 400 invalid_grant", request_id="r-1")
    assert (error.details, error.host, error.request_id) == ("HTTP 400 invalid_grant", HOST, "r-1")
    assert "400" not in str(error)
    assert KeyringChanged("a", "b").details == "expected a, found b"


@pytest.mark.parametrize("stage", Stage)
def test_what_is_unreachable_may_be_reached_later(stage: Stage) -> None:
    error = Unreachable(HOST, stage)
    assert error.passes
    assert error.stage is stage


def test_what_a_person_must_mend_does_not_pass() -> None:
    for error in (Refused(HOST), PasscodeNeeded(HOST), CaFileUnusable(HOST), BrokenReply(HOST)):
        assert not error.passes
    assert Throttled(HOST, None).passes
