"""The seal: the last bytes of a backup are the hash of all bytes before them."""

import hashlib
from typing import BinaryIO

SEAL_BYTES = 64
_CHUNK = 1 << 20


def take_seal(stream: BinaryIO) -> bytes:
    """Return the SHA-256, in hexadecimal, of everything before the place of the seal."""
    left = stream.seek(0, 2) - SEAL_BYTES
    stream.seek(0)
    digest = hashlib.sha256()
    while left > 0 and (chunk := stream.read(min(left, _CHUNK))):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest().encode()


def is_sealed(stream: BinaryIO) -> bool:
    """Return whether the last bytes are the seal of the others."""
    expected = take_seal(stream)
    return stream.read(SEAL_BYTES) == expected
