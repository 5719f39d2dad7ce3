"""A form by its name, and an access token written in it: a format, or a template of the user."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from partner_tokens.core.formats import HEADER, Form, Format, Template, render

if TYPE_CHECKING:
    from partner_tokens.core.tokens import AccessToken, ApiToken


def form_called(name: str, templates: Mapping[str, str]) -> Form | None:
    """The format of this name, or the template, whose case does not matter.

    `templates` are texts by names, as preferences keep them.
    """
    if name in set(Format):
        return Format(name)
    wanted = name.casefold()
    return next((each for each in own_forms(templates) if each.name.casefold() == wanted), None)


def own_forms(templates: Mapping[str, str]) -> tuple[Template, ...]:
    """The templates, in the order in which they were made."""
    return tuple(Template(name, text) for name, text in templates.items())


def name_of(form: Form) -> str:
    """What `form_called` knows it by, and what the history notes."""
    return form.value if isinstance(form, Format) else form.name


def written(form: Form, access: "AccessToken", token: "ApiToken") -> str:
    """The text to paste or print. Raises PlaceholderUnquoted for a template."""
    if isinstance(form, Format):
        return render(form, access.value, access.endpoint)
    from partner_tokens.core.instants import iso
    from partner_tokens.core.templates import filled
    from partner_tokens.core.tokens import host_of

    organization = token.organization
    return filled(
        form,
        {
            "token": access.value.reveal(),
            "header": f"{HEADER}: {access.value.reveal()}",
            "endpoint": access.endpoint,
            "host": host_of(access.endpoint),
            "organization": organization.name,
            "organization_id": access.organization_id or organization.service_id,
            "name": token.name,
            "user": access.user or token.user,
            "expires_at": iso(access.expires_at) or "",
        },
    )
