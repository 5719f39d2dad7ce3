"""What went wrong on the way to the service, or with its answer: a title, and the one next step."""

from partner_tokens.core.language import _
from partner_tokens.core.stages import Flaw, Stage


def unreachable_words(host: str, stage: Stage, flaw: Flaw | None, cause: str) -> tuple[str, str]:
    """Title and hint of a failure on the way; `cause` as in Unreachable."""
    match stage:
        case Stage.PROXY:
            return _proxy_words(host, flaw, cause)
        case Stage.DNS:
            return (
                _("The host {host} was not found.").format(host=host),
                _("Check the network or VPN, and the endpoint's spelling."),
            )
        case Stage.TCP | Stage.TIMEOUT:
            return _connection_words(host, stage, flaw)
        case Stage.TLS:
            return _tls_words(host, flaw, cause)
        case Stage.HTTP:
            return (
                _("{host} is in trouble: it answered {status}.").format(host=host, status=cause),
                _("Try again in a few minutes; the fault is on the service's side."),
            )
        case _:
            return _answer_words(host, flaw)


def _proxy_words(host: str, flaw: Flaw | None, cause: str) -> tuple[str, str]:
    if cause == "407":
        return (
            _("The proxy on the way to {host} wants a user and a password.").format(host=host),
            _("Type them in the preferences, under “Network”."),
        )
    if flaw is Flaw.NOT_TLS:
        return (
            _("The proxy answered by itself instead of leading to {host}.").format(host=host),
            _("It may want you to sign in: open a browser and look."),
        )
    if flaw is Flaw.NOT_HTTP:
        return (
            _(
                "The proxy on the way to {host} is of the kind {kind}, which is not spoken here."
            ).format(host=host, kind=cause),
            _("Name an HTTP proxy in the preferences, under “Network”."),
        )
    if flaw is Flaw.CUT_OFF:
        return (
            _("The connection to {host} ended inside the proxy.").format(host=host),
            _("It may want you to sign in: open a browser and look."),
        )
    if cause:
        return (
            _("The proxy refused to lead to {host}: it answered {status}.").format(
                host=host, status=cause
            ),
            _("Ask who runs the proxy, or check the system's proxy settings."),
        )
    return (
        _("The proxy did not let us through to {host}.").format(host=host),
        _("Check the system's proxy settings, or ask who runs the proxy."),
    )


def _connection_words(host: str, stage: Stage, flaw: Flaw | None) -> tuple[str, str]:
    if flaw is Flaw.NO_ROUTE:
        return (
            _("This computer has no way to {host}.").format(host=host),
            _("Check that the network or VPN is connected."),
        )
    if flaw is Flaw.SILENT:
        return (
            _("Nothing answers at {host}.").format(host=host),
            _("Check the network or VPN; a firewall may swallow the connection."),
        )
    if stage is Stage.TCP:
        return (
            _("{host} does not accept connections.").format(host=host),
            _("Check the network or VPN; a firewall may be in the way."),
        )
    return (
        _("{host} did not answer in time.").format(host=host),
        _("Try again; if it stays so, check the network or VPN."),
    )


def _tls_words(host: str, flaw: Flaw | None, cause: str) -> tuple[str, str]:
    match flaw:
        case Flaw.EXPIRED:
            return (
                _("The certificate of {host} ended on {date}.").format(host=host, date=cause)
                if cause
                else _("The certificate of {host} has ended.").format(host=host),
                _("Check the computer's date; if it is right, tell who runs {host}.").format(
                    host=host
                ),
            )
        case Flaw.NOT_YET:
            return (
                _("The certificate of {host} is not valid yet.").format(host=host),
                _("Check the computer's date; if it is right, tell who runs {host}.").format(
                    host=host
                ),
            )
        case Flaw.WRONG_HOST:
            return (
                _("{host} shows the certificate of {other}.").format(host=host, other=cause)
                if cause
                else _("{host} shows the certificate of another host.").format(host=host),
                _("Check the endpoint's spelling; a Wi-Fi sign-in page may be in the way."),
            )
        case Flaw.SELF_SIGNED:
            return (
                _("The certificate of {host} is self-signed: nobody vouches for it.").format(
                    host=host
                ),
                _("If it is your own, add it as a CA file in the preferences, under “Network”."),
            )
        case Flaw.OLD_TLS:
            return (
                _("{host} offers only outdated encryption.").format(host=host),
                _("TLS 1.2 or later is needed: tell who runs {host}, or the proxy.").format(
                    host=host
                ),
            )
        case Flaw.NOT_TLS:
            return (
                _("{host} answers without encryption.").format(host=host),
                _("Check the port in the endpoint's address."),
            )
        case Flaw.CUT_OFF:
            return (
                _("{host} ended the connection while it was being secured.").format(host=host),
                _("A firewall or a proxy may be in the way: try another network."),
            )
    if cause:
        return (
            _("The certificate of {host} is not trusted; it was issued by {issuer}.").format(
                host=host, issuer=cause
            ),
            _("If that is your company's proxy, ask for its CA file and add it."),
        )
    return (
        _("No secure connection to {host} could be made.").format(host=host),
        _("Check the computer's date, and whether a proxy inspects the traffic."),
    )


def _answer_words(host: str, flaw: Flaw | None) -> tuple[str, str]:
    hint = _("Try again; if it stays so, copy the details for support.")
    match flaw:
        case Flaw.CUT_OFF:
            return _("{host} ended the connection without an answer.").format(host=host), hint
        case Flaw.HALF:
            return _("The answer of {host} broke off halfway.").format(host=host), hint
        case _:
            return _("The answer of {host} could not be read.").format(host=host), hint


def moved_words(host: str, other: str) -> tuple[str, str]:
    """Title and hint of a redirect."""
    return (
        _("{host} wants to send us to {other}.").format(host=host, other=other),
        _("No token was sent there. If the service has moved, change the endpoint."),
    )


def page_words(host: str) -> tuple[str, str]:
    """Title and hint of a web page in the place of an answer."""
    return (
        _("A web page answered instead of {host}.").format(host=host),
        _("A proxy or a Wi-Fi sign-in page may be in the way: open a browser and look."),
    )


def broken_words(host: str, flaw: Flaw | None, status: int) -> tuple[str, str]:
    """Title and hint of any other answer that is no use; `status` where that is what was wrong."""
    return (
        _broken_title(host, flaw, status),
        _("Check the endpoint; if it is right, copy the details for support."),
    )


def _broken_title(host: str, flaw: Flaw | None, status: int) -> str:
    match flaw:
        case Flaw.TOO_LONG:
            return _("The answer of {host} is far too long.").format(host=host)
        case Flaw.PACKED:
            return _("The answer of {host} could not be unpacked.").format(host=host)
        case Flaw.NOT_TEXT:
            return _("The answer of {host} is not text.").format(host=host)
        case Flaw.NOT_JSON:
            return _("The answer of {host} is text, but not JSON.").format(host=host)
        case Flaw.TOO_DEEP:
            return _("The answer of {host} is nested too deeply.").format(host=host)
        case Flaw.TWICE:
            return _("The answer of {host} says one thing twice.").format(host=host)
        case Flaw.NO_TOKEN:
            return _("The answer of {host} holds no usable access token.").format(host=host)
    if status == 404:
        return _("{host} knows no such address: it answered 404.").format(host=host)
    if status:
        return _("{host} answered {status}, which is no use here.").format(host=host, status=status)
    return _("The answer of {host} could not be used.").format(host=host)
