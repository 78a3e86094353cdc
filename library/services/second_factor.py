"""The second factor: codes of an authenticator application (TOTP, RFC 6238), and codes on paper for its loss."""

from __future__ import annotations

import secrets
from base64 import b32encode, b64decode, b64encode
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pyotp

from library.db.credentials import Credential, Purpose
from library.db.unit_of_work import UnitOfWork
from library.domain.errors import LibraryError
from library.services.backup_sealing import Key, new_key, read_key
from library.services.keys import digest_of

STEP_SECONDS = 30
# A clock may be wrong by one step, and typing takes a while.
STEPS_AROUND = 1
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
GROUP = 4
LONGEST_TYPED = 100


class SecondFactor:
    """Makes secrets and takes codes of them: each step once, the secret sealed with a key beside the database."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file

    def with_new_secret(self, credential: Credential, at: datetime) -> Credential:
        """With a secret that counts for nothing until a code of it was given."""
        sealed = BytesIO()
        self._key().encrypt(BytesIO(pyotp.random_base32().encode("ascii")), sealed)
        text = b64encode(sealed.getvalue()).decode("ascii")
        return replace(credential, totp_sealed=text, totp_confirmed=False, totp_last_step=0, changed_at=at)

    def secret(self, credential: Credential) -> str:
        """The secret in base 32, to be typed where the picture can't be taken."""
        opened = BytesIO()
        self._key().decrypt(BytesIO(b64decode(credential.totp_sealed)), opened)
        return opened.getvalue().decode("ascii")

    def address(self, credential: Credential, *, login: str, issuer: str) -> str:
        """What an authenticator application reads from the QR code."""
        return pyotp.TOTP(self.secret(credential)).provisioning_uri(name=login, issuer_name=issuer)

    def accepts(self, tx: UnitOfWork, credential: Credential, code: str, at: datetime) -> bool:
        """Whether this is a code of the person, of the application or on paper, not used yet; it is used then."""
        plain = plain_code(code)
        if plain.isdigit() and len(plain) == DIGITS:
            step = self._step(credential, plain, at)
            return step is not None and tx.credentials.take_step(credential.person_id, step)
        return tx.credentials.use_code(credential.person_id, Purpose.RECOVERY, digest_of(plain), at)

    def give_recovery_codes(self, tx: UnitOfWork, person_id: int, at: datetime) -> tuple[str, ...]:
        """New codes on paper instead of all earlier ones; they are told this once."""
        codes = tuple(written_code(RECOVERY_BYTES) for _ in range(RECOVERY_CODES))
        tx.credentials.give_codes(
            person_id, Purpose.RECOVERY, [digest_of(plain_code(code)) for code in codes], at, None
        )
        return codes

    def _step(self, credential: Credential, code: str, at: datetime) -> int | None:
        """The step this code is of; None where it is of none near this time."""
        if not credential.totp_sealed:
            return None
        generator = pyotp.TOTP(self.secret(credential), digits=DIGITS, interval=STEP_SECONDS)
        now = int(at.timestamp()) // STEP_SECONDS
        near = range(now - STEPS_AROUND, now + STEPS_AROUND + 1)
        return next((step for step in near if secrets.compare_digest(generator.generate_otp(step), code)), None)

    def _key(self) -> Key:
        if not self._key_file.exists():
            try:
                new_key(self._key_file)
            except LibraryError:
                # Another process made it at the same moment.
                if not self._key_file.exists():
                    raise
        return read_key(self._key_file)


def written_code(size: int) -> str:
    """A random code of so many bytes, in groups of letters and digits that can't be taken for one another."""
    text = b32encode(secrets.token_bytes(size)).decode("ascii").rstrip("=")
    return "-".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def plain_code(code: str) -> str:
    """A code as it was made, however it was typed: without case, spaces and hyphens."""
    return "".join(letter for letter in code[:LONGEST_TYPED] if letter.isascii() and letter.isalnum()).upper()
