"""Which facts mean something near a question: sentence vectors, kept beside the facts."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.memory.database import Database

if TYPE_CHECKING:
    from assistant.intent.encoder import Encoder

_AT_ONCE = 200
"""Facts without a vector that are encoded with one question; the others wait for the next."""
_DEVIATIONS = 3.0
_LEAST = 0.25
"""A cosine below this is never near."""
_COHORT = (
    "What time is it?", "Turn on the light in the kitchen.", "Set a timer for ten minutes.", "Tell me a joke.",
    "What will the weather be like tomorrow?", "Play some music.", "How far is the moon?", "Add milk to my list.",
    "The meeting was moved to Thursday.", "Translate good morning into French.", "What is twelve times seven?",
    "Wie spät ist es?", "Mach das Licht in der Küche an.", "Wie wird das Wetter morgen?", "Erzähl mir einen Witz.",
    "Quelle heure est-il ?", "Mets de la musique.", "Quel temps fera-t-il demain ?", "Raconte-moi une blague.",
    "¿Qué hora es?", "Pon música.", "¿Qué tiempo hará mañana?", "Cuéntame un chiste.",
    "Который час?", "Включи свет на кухне.", "Какая завтра погода?", "Расскажи анекдот.",
    "Колко е часът?", "Пусни музика.", "Какво ще е времето утре?", "Разкажи ми виц.",
)  # fmt: skip
"""Sentences that are no facts about anybody."""


class Meanings:
    """Compares a question's vector with those of the facts.

    How large a cosine is between unrelated sentences differs from encoder to encoder, so it is seen with each question
    against a cohort of unrelated sentences, as scores of speaker verification are normalised (Z-norm: Li and Porter
    1988): a fact is near when it stands out of these by three standard deviations.

    Args:
        encoder: makes the vectors. They are kept under its fingerprint, so that another encoder makes its own.
        database: the facts' file.
    """

    def __init__(self, encoder: Encoder, database: Database) -> None:
        self._encoder = encoder
        self._database = database
        self._cohort = encoder.encode(_COHORT)
        self._name = hashlib.sha256(np.round(self._cohort, 2).tobytes()).hexdigest()[:16]

    def near(self, query: str, who: str | None) -> dict[int, float]:
        """Number of a fact → how near it is, from 0.5, just near enough, to 1, the same; of those near enough only.

        Raises:
            StorageError: the file cannot be read or written.
        """
        self._encode_new()
        numbers, vectors = self._vectors(who)
        asked = self._encoder.encode([query])[0]
        if not numbers or not asked.any():
            return {}
        unrelated = self._cohort @ asked
        least = max(_LEAST, float(unrelated.mean() + _DEVIATIONS * unrelated.std()))
        cosines = (vectors @ asked).tolist()
        room = max(1.0 - least, 1e-6)
        return {n: 0.5 + 0.5 * (each - least) / room for n, each in zip(numbers, cosines, strict=True) if each >= least}

    def _vectors(self, who: str | None) -> tuple[list[int], NDArray[np.float32]]:
        """Numbers of the facts about somebody that have a vector, and (facts, size) the vectors."""
        query = (
            "SELECT fact, vector FROM vectors JOIN facts ON facts.id = fact "
            "WHERE encoder = ? AND (? IS NULL OR who = ?)"
        )
        rows = self._database.run(lambda db: db.execute(query, (self._name, who, who)).fetchall())
        joined = b"".join(vector for _, vector in rows)
        return [number for number, _ in rows], np.frombuffer(joined, np.float32).reshape(len(rows), self._encoder.size)

    def _encode_new(self) -> None:
        """Make the vectors that are missing, the newest facts' first."""
        query = (
            "SELECT id, text FROM facts WHERE id NOT IN (SELECT fact FROM vectors WHERE encoder = ?) "
            "ORDER BY at DESC LIMIT ?"
        )
        missing = self._database.run(lambda db: db.execute(query, (self._name, _AT_ONCE)).fetchall())
        if not missing:
            return
        vectors = self._encoder.encode([text for _, text in missing]).astype(np.float32)
        made = [(number, self._name, vector.tobytes()) for (number, _), vector in zip(missing, vectors, strict=True)]

        def keep(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM vectors WHERE encoder <> ?", (self._name,))
            db.executemany(
                "INSERT OR REPLACE INTO vectors SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM facts WHERE id = ?1)",
                made,
            )

        self._database.run(keep)
