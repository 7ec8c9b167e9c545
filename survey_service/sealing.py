"""Sealed answers: what waits on a phone for a signal can be read by the service and by nobody else.

The key pair belongs to a wave; its private half is forgotten at closing. A text is sealed with
ECDH on P-256 between a key made for it alone and the wave's key, HKDF-SHA-256, and AES-256-GCM,
which binds it to what it was sealed for. Nothing else in the program imports ``cryptography``.
"""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from survey_service.errors import Code, SurveyError

SIZES = (4096, 8192, 16384)
"""Sealed texts are filled up with blanks to one of these lengths in bytes: length tells nothing."""

_CURVE = ec.SECP256R1()
_PURPOSE = b"survey-service sealed answers"
_PARTS = ("epk", "iv", "body")
_IV_LENGTH = 12


@dataclass(frozen=True)
class Sealed:
    """A sealed text: the key made for it alone, the initialisation vector, the cipher text."""

    epk: bytes
    iv: bytes
    body: bytes

    @classmethod
    def read(cls, table: Mapping[str, object]) -> "Sealed":
        """Read the three parts, each in base 64; raise ``sealed_unreadable`` for anything else."""
        try:
            parts = [base64.b64decode(str(table[name]), validate=True) for name in _PARTS]
        except (KeyError, ValueError, binascii.Error):
            raise SurveyError(Code.SEALED_UNREADABLE) from None
        return cls(*parts)

    def write(self) -> dict[str, str]:
        """Return what ``read`` reads."""
        parts = (self.epk, self.iv, self.body)
        return {
            name: base64.b64encode(part).decode("ascii")
            for name, part in zip(_PARTS, parts, strict=True)
        }


def make_key() -> str:
    """Return a new private key (hexadecimal), from the random source of the system."""
    return f"{ec.generate_private_key(_CURVE).private_numbers().private_value:064x}"


def public_key(key: str) -> str:
    """Return the public half of a private key as the page carries it: a point in base 64."""
    return base64.b64encode(_write_point(_load(key).public_key())).decode("ascii")


def seal(public: str, text: str, bound_to: str) -> Sealed:
    """Seal a text as the phone does; ``ValueError`` if it is longer than the largest size.

    >>> key = make_key()
    >>> unseal(key, seal(public_key(key), "看法", "w|1|a"), "w|1|a").strip().decode()
    '看法'
    """
    plain = text.encode()
    size = next((size for size in SIZES if len(plain) <= size), None)
    if size is None:
        raise ValueError("longer than the largest size")
    own = ec.generate_private_key(_CURVE)
    other = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, base64.b64decode(public))
    iv = os.urandom(_IV_LENGTH)
    cipher = AESGCM(_derive(own.exchange(ec.ECDH(), other)))
    body = cipher.encrypt(iv, plain.ljust(size), bound_to.encode())
    return Sealed(_write_point(own.public_key()), iv, body)


def unseal(key: str, sealed: Sealed, bound_to: str) -> bytes:
    """Return the text that was sealed, with the blanks that fill it up.

    Raises ``sealed_unreadable``, and does not say why: another key, another purpose, a changed byte,
    or a wave that has no key.
    """
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, sealed.epk)
        cipher = AESGCM(_derive(_load(key).exchange(ec.ECDH(), point)))
        return cipher.decrypt(sealed.iv, sealed.body, bound_to.encode())
    except (ValueError, InvalidTag):
        raise SurveyError(Code.SEALED_UNREADABLE) from None


def _load(key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(key, 16), _CURVE)


def _write_point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derive(secret: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=_PURPOSE).derive(secret)
