"""What a server's certificate says: who issued it, until when; read for display, never judged."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography import x509

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate as it was offered; `issuer` is its common name and organization, if any."""

    issuer: str
    subject: str
    begins_at: datetime
    ends_at: datetime
    is_self_signed: bool = False
    """Whether it names itself as its issuer."""


def read_certificate(der: bytes) -> Certificate | None:
    """The certificate in DER, or None if it cannot be read: it may come from anyone."""
    from cryptography import x509  # large, and needed only where a server is not trusted

    try:
        certificate = x509.load_der_x509_certificate(der)
        return Certificate(
            issuer=_named(certificate.issuer),
            subject=_named(certificate.subject),
            begins_at=certificate.not_valid_before_utc,
            ends_at=certificate.not_valid_after_utc,
            is_self_signed=certificate.issuer == certificate.subject,
        )
    except (ValueError, TypeError, x509.InvalidVersion, x509.UnsupportedGeneralNameType):
        return None


def _named(name: "x509.Name") -> str:
    from cryptography.x509.oid import NameOID

    common = _attribute(name, NameOID.COMMON_NAME)
    organization = _attribute(name, NameOID.ORGANIZATION_NAME)
    if common and organization and organization not in common:
        return f"{common} ({organization})"
    return common or organization


def _attribute(name: "x509.Name", which: "x509.ObjectIdentifier") -> str:
    for attribute in name.get_attributes_for_oid(which):
        text = "".join(c for c in str(attribute.value) if c.isprintable())
        return text[:LONGEST_NAME].strip()
    return ""
