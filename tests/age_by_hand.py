"""An age file written by its specification, https://age-encryption.org/v1, with little work in it.

What pyrage seals takes a second to open, on purpose, and more on a machine at work.
"""

import hmac
import os
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

CHUNK = 64 * 1024


def quick_age_file(content: bytes, passphrase: str, work: int = 8) -> bytes:
    """The content sealed; `work` is log2 of scrypt's N."""
    file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
    stretch = Scrypt(b"age-encryption.org/v1/scrypt" + salt, length=32, n=1 << work, r=8, p=1)
    wrapped = ChaCha20Poly1305(stretch.derive(passphrase.encode())).encrypt(
        bytes(12), file_key, b""
    )
    header = b"age-encryption.org/v1\n-> scrypt %s %d\n%s\n---" % (bare(salt), work, bare(wrapped))
    mac = hmac.digest(derived(file_key, b"", b"header"), header, "sha256")
    cipher = ChaCha20Poly1305(derived(file_key, nonce, b"payload"))
    chunks = [content[at : at + CHUNK] for at in range(0, len(content), CHUNK)] or [b""]
    payload = b"".join(
        cipher.encrypt(number.to_bytes(11, "big") + bytes([number == len(chunks) - 1]), chunk, b"")
        for number, chunk in enumerate(chunks)
    )
    return header + b" " + bare(mac) + b"\n" + nonce + payload


def derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=salt, info=purpose).derive(key)


def bare(content: bytes) -> bytes:
    """In base64 without padding."""
    return b64encode(content).rstrip(b"=")
