"""A data key: made, wrapped into a slot and unwrapped again, and what is sealed with it."""

import hashlib
import hmac
import os
import unicodedata
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from partner_tokens.core.errors.keys import SecretUnreadable
from partner_tokens.core.sealing import Sealed, Slot
from partner_tokens.core.secret import Secret

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16

CHEAPEST, DEAREST = 15, 17
"""Bounds of scrypt's cost, log2 of N with r=8: 32 to 128 MiB. A slot may ask for no other."""


class DataKey:
    """32 random bytes that never touch the disk bare.

    A key to seal with and a key for fingerprints are derived from them.
    """

    __slots__ = ("_cipher", "_fingerprint_key", "_material", "key_id")

    def __init__(self, key_id: str, material: bytes) -> None:
        self.key_id = key_id
        self._material = material
        self._cipher = AESGCM(_derived(material, b"sealing"))
        self._fingerprint_key = _derived(material, b"fingerprint")

    @classmethod
    def make(cls) -> "DataKey":
        """A new one, at random."""
        return cls(uuid.uuid4().hex, os.urandom(KEY_BYTES))

    def seal(self, secret: Secret, *parts: str) -> Sealed:
        """Seals a secret; it opens only with the same parts."""
        nonce = os.urandom(NONCE_BYTES)
        bound = _bound_to("sealed", self.key_id, *parts)
        return Sealed(self.key_id, nonce, self._cipher.encrypt(nonce, _bytes(secret), bound))

    def take_over(self, sealed: Sealed, older: "DataKey", *parts: str) -> tuple[Sealed, bytes]:
        """The same secret sealed with this key, and its fingerprint. Raises SecretUnreadable.

        The nonce stays, for it tells one secret of a row from the next. That is safe: nonces are
        random, and what opens with the older key's nonce is the one text that was sealed with it.
        """
        secret = older.open(sealed, *parts)
        bound = _bound_to("sealed", self.key_id, *parts)
        ciphertext = self._cipher.encrypt(sealed.nonce, _bytes(secret), bound)
        return Sealed(self.key_id, sealed.nonce, ciphertext), self.fingerprint(secret)

    def open(self, sealed: Sealed, *parts: str) -> Secret:
        """Opens what was sealed with these parts. Raises SecretUnreadable."""
        bound = _bound_to("sealed", self.key_id, *parts)
        try:
            return Secret(self._cipher.decrypt(sealed.nonce, sealed.ciphertext, bound).decode())
        except (InvalidTag, ValueError):
            raise SecretUnreadable("sealed for another row or endpoint, or damaged") from None

    def fingerprint(self, secret: Secret) -> bytes:
        """A keyed hash."""
        return hmac.digest(self._fingerprint_key, _bytes(secret), hashlib.sha256)

    def wrapped(self, wrapping_key: bytes, *parts: str) -> tuple[bytes, bytes]:
        """A nonce, and this key wrapped; it unwraps only with the same parts."""
        nonce = os.urandom(NONCE_BYTES)
        bound = _bound_to("slot", self.key_id, *parts)
        return nonce, AESGCM(wrapping_key).encrypt(nonce, self._material, bound)


def unwrapped(slot: Slot, wrapping_key: bytes) -> DataKey | None:
    """The data key of a slot; None where the wrapping key is not the right one."""
    bound = _bound_to("slot", slot.key_id, slot.kind.value, slot.vault_id)
    try:
        material = AESGCM(wrapping_key).decrypt(slot.nonce, slot.wrapped_key, bound)
    except (InvalidTag, ValueError):
        return None
    return DataKey(slot.key_id, material)


def stretched(passphrase: Secret, salt: bytes, cost: int) -> bytes | None:
    """The wrapping key that scrypt makes of a passphrase, in a few tenths of a second.

    None for a cost or a salt that we never write: the file on disk is not to be trusted. The
    passphrase is brought into NFKC, for keyboards spell the same letter in different ways.
    """
    if not CHEAPEST <= cost <= DEAREST or len(salt) != SALT_BYTES:
        return None
    normal = Secret(unicodedata.normalize("NFKC", passphrase.reveal()))
    return Scrypt(salt=salt, length=KEY_BYTES, n=2**cost, r=8, p=1).derive(_bytes(normal))


def _derived(material: bytes, purpose: bytes) -> bytes:
    kdf = HKDF(SHA256(), length=KEY_BYTES, salt=None, info=b"partner-tokens " + purpose)
    return kdf.derive(material)


def _bytes(secret: Secret) -> bytes:
    """Never fails: an exception of the encoder would show the secret."""
    return secret.reveal().encode("utf-8", "surrogatepass")


def _bound_to(*parts: str) -> bytes:
    """Associated data: each part with its length in front, so that no two lists read alike."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    return b"".join(len(data).to_bytes(4, "big") + data for data in encoded)
