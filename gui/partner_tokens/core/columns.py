"""What a column, a key or a cell means: by its name in English or Spanish, else by its content."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from partner_tokens.core.lookalike import looks_like_api_token
from partner_tokens.core.secret import Secret
from partner_tokens.core.tokens import AROUND_TOKENS, Colour, Kind, folded

DEFAULT_NAME = "API token"
"""The name of a token for which the source has none: what the portal calls all of them."""


class Meaning(StrEnum):
    """What the values of a column are."""

    ORGANIZATION = "organization"
    NAME = "name"
    TOKEN = "token"
    ENDPOINT = "endpoint"
    EXPIRES = "expires"
    SERVICE_ID = "organization id"
    NOTE = "note"
    KIND = "kind"
    CLIENT_ID = "client id"
    CLIENT_SECRET = "client secret"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Found:
    """One API token as a source has it; texts are as they stand there, nothing is judged yet.

    `source` is the file's name, empty for pasted text; `line` counts from 1, 0 where there is none.
    `kind` is None where the source does not know it for sure; `kind_words` are what stands there.
    With a `client_id`, the secret is that client's, alone. Colour, production and its note are
    marks of the organization, for one that is not stored yet. An endpoint is unclear where the
    source names some, and none for certain as that of this token.
    """

    secret: Secret
    organization: str = ""
    name: str = ""
    endpoint: str = ""
    expires: str = ""
    service_id: str = ""
    note: str = ""
    source: str = ""
    line: int = 0
    kind: Kind | None = None
    kind_words: str = ""
    client_id: str = ""
    pinned: bool = False
    interactive: bool = False
    colour: Colour = Colour.NONE
    production: bool = False
    organization_note: str = ""
    is_endpoint_unclear: bool = False


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds for the rows that do not say it themselves, as the user chose it.

    `kind` is None where the user has chosen none: then a row's endpoint tells it, if it is a preset
    of one kind alone. `app_kind` is for rows with a client id; None leaves them unusable, for the
    version of an OAuth app is never tried out.
    """

    endpoint: str
    kind: Kind | None = None
    app_kind: Kind | None = None


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


NAMES: dict[Meaning, frozenset[str]] = {
    Meaning.TOKEN: _names(
        "token|api token|apitoken|refresh token|refreshtoken|csp api token|csp token|secret|"
        "token value|api key|apikey|key|clave|token api|token de api|token de actualizacion|"
        "vmc token|vmw cloud api token|tanzu api token|vra refresh token|nsxt vmc token|"
        "cloud api token|source refresh token|dest refresh token|api token value"
    ),
    Meaning.SERVICE_ID: _names(
        "organization id|organisation id|org id|orgid|organizationid|tenant id|tenantid|"
        "id organizacion|id de organizacion|id de la organizacion|id org|"
        "long organization id"
    ),
    Meaning.ORGANIZATION: _names(
        "organization|organisation|org|organization name|organisation name|org name|orgname|"
        "customer|customer name|client|tenant|tenant name|company|account|organizacion|"
        "nombre de la organizacion|cliente|empresa|cuenta|inquilino|environment"
    ),
    Meaning.NAME: _names(
        "name|token name|tokenname|label|title|nombre|nombre del token|nombre de token|"
        "etiqueta|titulo|alias"
    ),
    Meaning.ENDPOINT: _names(
        "endpoint|url|host|server|csp url|csp host|csp api url|cloud endpoint|base url|baseurl|"
        "vmw cloud endpoint|strcspprodurl|vmc auth host|servidor|punto de acceso|direccion|"
        "punto de conexion"
    ),
    Meaning.EXPIRES: _names(
        "expires|expiry|expiration|expires at|expires on|expiry date|expiration date|"
        "valid until|end date|expira|caduca|caducidad|vence|vencimiento|fecha de caducidad|"
        "fecha de vencimiento|fecha de expiracion|valido hasta"
    ),
    Meaning.NOTE: _names(
        "note|notes|comment|comments|remark|description|nota|notas|comentario|comentarios|"
        "observaciones|descripcion"
    ),
    Meaning.KIND: _names("kind|token kind|token type|credential kind|tipo de token|clase"),
    Meaning.CLIENT_ID: _names(
        "client id|app id|oauth client id|oauth app id|id de cliente|id del cliente"
    ),
    Meaning.CLIENT_SECRET: _names(
        "client secret|app secret|oauth client secret|oauth app secret|secreto de cliente|"
        "secreto del cliente"
    ),
}

KINDS: dict[Kind, frozenset[str]] = {
    Kind.NAVIGATOR: _names("api token|navigator|cloud partner navigator|cpn"),
    Kind.CLOUD_SERVICES: _names("cloud services token|cloud services|csp|csp token"),
    Kind.OAUTH_APP_V1: _names("oauth app v1|oauth v1|oauth app version 1"),
    Kind.OAUTH_APP_V2: _names("oauth app v2|oauth v2|oauth app version 2"),
}


def kind_named(words: str) -> Kind | None:
    """The kind a cell names; None where it is none that is known."""
    bare = plain(words)
    return next((kind for kind, names in KINDS.items() if bare in names), None)


def meaning_of(heading: str) -> Meaning:
    """What a heading or a key says; IGNORED where it is none that is known."""
    words = plain(heading)
    return next((meaning for meaning, names in NAMES.items() if words in names), Meaning.IGNORED)


def plain(heading: str) -> str:
    """A heading without case, accents, punctuation and humps: `refreshToken` as `refresh token`."""
    humped = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", heading[:100])
    return re.sub(r"[^a-z0-9]+", " ", folded(humped)).strip()


def by_headings(headings: Sequence[str]) -> tuple[Meaning, ...]:
    """What each column is; only the first of two with the same meaning has it, but for tokens."""
    taken: set[Meaning] = set()
    found: list[Meaning] = []
    for heading in headings:
        meaning = meaning_of(heading)
        if meaning in taken:
            meaning = Meaning.IGNORED
        elif meaning not in {Meaning.IGNORED, Meaning.TOKEN}:
            taken.add(meaning)
        found.append(meaning)
    return tuple(found)


def looks_like_token(cell: str) -> bool:
    """Whether a text may be an API token: long, in one piece, of its usual characters.

    The vendor's pages speak of 64 or 65 characters; masked samples show `-` and `_` too.
    """
    bare = cell.strip().strip(AROUND_TOKENS)
    return (
        re.fullmatch(r"[\w.~+/=-]{20,4096}", bare, re.ASCII) is not None
        and content_of(bare) is None
    )


def content_of(cell: str) -> Meaning | None:
    """What a cell is by its form alone: an address, an organization's id, a date."""
    bare = cell.strip()
    if re.fullmatch(r"(?i)https?://\S+", bare):
        return Meaning.ENDPOINT
    if re.fullmatch(r"(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bare):
        return Meaning.SERVICE_ID
    if re.fullmatch(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ].{4,30})?|[0-9]{1,2}([./-])[0-9]{1,2}\2\d{4}", bare
    ):
        return Meaning.EXPIRES
    return None


def by_content(
    meanings: Sequence[Meaning], rows: Sequence[Sequence[str]], headings: Sequence[str] = ()
) -> tuple[Meaning, ...]:
    """Fills in what the headings left open, column by column.

    Without headings, columns of words are taken for organization, name and note, in this order.
    A further column of tokens is one only if its heading says so: another may hold check sums.
    """
    columns = [
        [row[place] for row in rows if place < len(row) and row[place].strip()]
        for place in range(len(meanings))
    ]
    found = _sure_of_tokens(meanings, columns)
    for place, cells in enumerate(columns):
        if found[place] is Meaning.IGNORED and meanings[place] is Meaning.IGNORED:
            guess = _guess(cells)
            is_further = guess is Meaning.TOKEN and (
                sum(map(looks_like_api_token, cells)) * 2 > len(cells)
                and (not headings or "token" in plain(headings[place]).split())
            )
            if guess is not None and (guess not in found or is_further):
                found[place] = guess
    if not headings:
        for meaning in (Meaning.ORGANIZATION, Meaning.NAME, Meaning.NOTE):
            for place, known in enumerate(found):
                if known is Meaning.IGNORED and meaning not in found:
                    found[place] = meaning
    return tuple(found)


def _sure_of_tokens(meanings: Sequence[Meaning], columns: Sequence[Sequence[str]]) -> list[Meaning]:
    """Of several columns that are called tokens only those that hold some, if there are such."""
    called = [place for place, meaning in enumerate(meanings) if meaning is Meaning.TOKEN]
    sure = [place for place in called if _guess(columns[place]) is Meaning.TOKEN]
    found = list(meanings)
    for place in called:
        if sure and place not in sure and columns[place]:
            found[place] = Meaning.IGNORED
    return found


def _guess(cells: Sequence[str]) -> Meaning | None:
    """What most of the cells are."""
    half = len(cells) / 2
    if not cells:
        return None
    if sum(map(looks_like_token, cells)) > half:
        return Meaning.TOKEN
    for meaning in (Meaning.ENDPOINT, Meaning.SERVICE_ID, Meaning.EXPIRES):
        if sum(content_of(cell) is meaning for cell in cells) > half:
            return meaning
    return None
