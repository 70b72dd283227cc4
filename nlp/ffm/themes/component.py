"""The classifier as a spaCy component: ``doc.cats``, ``doc._.labels`` and ``doc._.stance``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from ffm.entities.tokens import text_of
from ffm.errors import ModelError
from ffm.project.scheme import Scheme
from ffm.records import Range
from ffm.segment.sentences import sentence_ranges
from ffm.themes.classifier import Calibration, ThemeModel, Unit, passage_margins, probabilities
from ffm.themes.digests import FILE as DIGESTS
from ffm.themes.digests import check_digests
from ffm.themes.encoder import Encoder, load_encoder
from ffm.themes.encoder.model import FOLDER
from ffm.themes.features import SentenceContext, contexts
from ffm.themes.first_look import first_look
from ffm.themes.mixture import Mixture
from ffm.themes.stance import StanceModel, Vectors, majority
from ffm.themes.store import Mixed, load_classifier, save_classifier

Matrix = NDArray[np.float64]

BATCH = 64
DIGITS = 4  # decimals of a score


class Beside(Struct, frozen=True):
    """The encoder that scores beside the sparse classifier, how they are mixed, and the calibration of the classifier alone."""

    encoder: Encoder
    mixture: Mixture
    alone: Calibration


class ThemeTagger:
    """The spaCy component ``ffm_themes``.

    It reads ``doc._.question`` (the question that the text answers, may be empty), ``doc._.heading`` (the heading that it stands under,
    likewise), ``doc._.sentences`` (ranges of the sentences, found by rule where not given) and ``doc._.themed`` (False for footnotes and
    tables: no themes).
    """

    def __init__(self, nlp: Language, name: str) -> None:
        self.name = name
        self.model: ThemeModel | None = None
        self.stance: StanceModel | None = None
        self.calibration: Calibration | None = None
        self.scheme: Scheme | None = None
        self.gold: dict[str, int] = {}
        self.seed = 0
        self.beside: Beside | None = None
        self._fallback: ThemeModel | None = None

    def __call__(self, doc: Doc) -> Doc:
        return next(iter(self.pipe([doc])))

    def pipe(self, stream: Iterable[Doc], batch_size: int = BATCH) -> Iterator[Doc]:
        """Classify documents in batches."""
        for batch in minibatch(stream, BATCH):
            self._classify([doc for doc in batch if doc._.themed and len(doc)])
            yield from batch

    def _classify(self, docs: list[Doc]) -> None:
        if not docs or self.model is None or self.stance is None or self.calibration is None:
            return
        sentences = []
        owners = []
        places: list[Range] = []
        for number, doc in enumerate(docs):
            text = text_of(doc)
            ranges = list(doc._.sentences or sentence_ranges(text))
            found = self.units([text[start:end] for start, end in ranges], doc._.question or "", doc._.heading or "")
            sentences += found
            places += ranges if len(found) == len(ranges) else [(0, len(text))] * len(found)
            owners += [number] * len(found)
        vectors = self.vectors(sentences, owners)
        margins, best = self.margins(sentences, owners, len(docs), vectors)
        calibration = self.calibration
        starts = np.searchsorted(owners, np.arange(len(docs) + 1)).tolist()
        labels: list[list[str]] = [[] for _ in docs]
        carried: list[dict[str, list[int]]] = [{} for _ in docs]
        every: dict[str, list[float]] = {}
        for column, theme in enumerate(self.model.themes):
            slope, intercept = calibration.slope[theme], calibration.intercept[theme]
            every[theme] = probabilities(margins[:, column], slope, intercept).tolist()
            threshold = calibration.threshold.get(theme)
            for number, probability in enumerate(probabilities(best[:, column], slope, intercept).tolist()):
                score = docs[number].cats[theme] = round(probability, DIGITS)
                if threshold is not None and score >= round(threshold, DIGITS):
                    labels[number].append(theme)
                    mine = range(starts[number], starts[number + 1])
                    carried[number][theme] = [index for index in mine if every[theme][index] >= threshold] or [
                        max(mine, key=every[theme].__getitem__)
                    ]
        stances = self._stances(sentences, carried, vectors)
        for number, doc in enumerate(docs):
            if labels[number]:
                doc._.labels, doc._.stance = labels[number], stances[number] or None
                if self.unit == "sentence":
                    doc._.carrying = {
                        theme: {places[index]: round(every[theme][index], DIGITS) for index in mine}
                        for theme, mine in carried[number].items()
                    }

    def _stances(
        self, sentences: Sequence[SentenceContext], carried: Sequence[dict[str, list[int]]], vectors: Vectors | None
    ) -> list[dict[str, str]]:
        """Return the stance of each passage towards each of its themes that carries one, by the sentences that carry the theme."""
        if self.stance is None:
            return [{} for _ in carried]
        asked = [
            (number, theme, index)
            for number, mine in enumerate(carried)
            for theme, indexes in mine.items()
            if theme in self.stance.themes
            for index in indexes
        ]
        read = None if vectors is None else vectors[[index for *_, index in asked]]
        told = self.stance.classify([sentences[index] for *_, index in asked], [theme for _, theme, _ in asked], read)
        found: list[dict[str, list[str]]] = [{} for _ in carried]
        for (number, theme, _), stance in zip(asked, told, strict=True):
            found[number].setdefault(theme, []).append(stance)
        return [{theme: majority(stances, self.stance.stances[0]) for theme, stances in mine.items()} for mine in found]

    def vectors(self, sentences: Sequence[SentenceContext], owners: Sequence[int]) -> Vectors | None:
        """Return the encoder's vectors of sentences; None where no encoder scores, or there is no sentence."""
        if self.beside is None or not sentences:
            return None
        return np.concatenate([unit_vectors(self.beside.encoder, mine, self.unit) for mine in _by_owner(sentences, owners)])

    def margins(
        self, sentences: Sequence[SentenceContext], owners: Sequence[int], count: int, vectors: Vectors | None
    ) -> tuple[Matrix, Matrix]:
        """Return the margins of sentences and of their passages, by themes.

        Parameters
        ----------
        owners
            Whose each sentence is, in order.
        count
            How many passages there are.
        vectors
            The encoder's, see :meth:`vectors`; without them the sparse classifier scores alone.
        """
        if self.model is None:
            raise ModelError("the classifier is not trained; load a model with ffm.load()")
        margins = self.model.margins(sentences)
        if self._fallback is not None:
            unlearnt = [self.model.themes.index(theme) for theme in self.model.unlearnt]
            margins[:, unlearnt] = self._fallback.margins(sentences)[:, unlearnt]
        best = passage_margins(margins, owners, count)
        if self.beside is None or vectors is None:
            return margins, best
        second = self.beside.encoder.scored(vectors)
        mixture, themes = self.beside.mixture, self.model.themes
        return mixture.combine(margins, second, themes), mixture.combine(best, passage_margins(second, owners, count), themes)

    @property
    def unit(self) -> Unit:
        """What the classifier reads: sentences, or whole passages."""
        return "sentence" if self.model is None else self.model.unit

    @property
    def ranked(self) -> tuple[str, ...]:
        """The themes that it scores and never gives as labels: all of them in a first look."""
        if self.model is None or self.calibration is None:
            return ()
        return tuple(theme for theme in self.model.themes if theme not in self.calibration.threshold)

    def units(self, sentences: Sequence[str], question: str, heading: str = "") -> list[SentenceContext]:
        """Return what the classifier reads of a passage: its sentences, or the whole of it."""
        return contexts([" ".join(sentences)] if self.unit == "passage" else sentences, question, heading)

    def model_of(self, theme: str) -> ThemeModel:
        """Return what ranks a theme: the classifier or, where it had too few examples to learn it from, the first look.

        Raises
        ------
        ModelError
            If the classifier is not trained.
        """
        if self.model is None:
            raise ModelError("the classifier is not trained; load a model with ffm.load()")
        return self._fallback if self._fallback is not None and theme in self.model.unlearnt else self.model

    def set_model(
        self,
        model: ThemeModel,
        stance: StanceModel,
        calibration: Calibration,
        scheme: Scheme,
        gold: dict[str, int],
        seed: int,
        beside: Beside | None = None,
    ) -> None:
        """Give the component a fitted classifier.

        Parameters
        ----------
        scheme
            The scheme that it was trained on, which is stored with it.
        gold
            Number of annotated sentences by report.
        beside
            The encoder, if one scores beside the classifier; ``calibration`` is that of both.
        """
        self.beside = beside
        self.model, self.stance, self.calibration, self.scheme, self.gold, self.seed = model, stance, calibration, scheme, gold, seed
        self._fallback = first_look(scheme)[0] if model.unlearnt else None

    def without_encoder(self) -> None:
        """Leave the sparse classifier alone, with its own calibration."""
        if self.beside is not None:
            self.calibration, self.beside = self.beside.alone, None

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:
        """Write the classifier into a folder."""
        if self.model is None or self.stance is None or self.calibration is None or self.scheme is None:
            return
        mixed = None if self.beside is None else Mixed(self.beside.mixture, self.beside.alone)
        save_classifier(Path(path), self.model, self.stance, self.calibration, self.scheme, self.seed, self.gold, mixed)
        if self.beside is not None:
            self.beside.encoder.save(Path(path) / FOLDER)

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> ThemeTagger:
        """Read the classifier from a folder; where the pipeline's files have digests, all of them must match.

        Raises
        ------
        ModelError
            If a file is missing, changed or damaged, or what it says contradicts another.
        """
        if (Path(path).parent / DIGESTS).is_file():
            check_digests(Path(path).parent)
        model, stance, manifest, scheme = load_classifier(Path(path))
        mixed = manifest.mixed
        beside = None if mixed is None else Beside(load_encoder(Path(path) / FOLDER), mixed.mixture, mixed.alone)
        widths = None if beside is None or stance.beside is None else (len(stance.beside.weights) - stance.width, beside.encoder.width)
        if beside is not None and (beside.encoder.themes != model.themes or (widths is not None and widths[0] != widths[1])):
            raise ModelError(
                f"{Path(path) / FOLDER}: is not the encoder of the model beside it; restore the model folder or train it again with ffm train"
            )
        self.set_model(model, stance, manifest.calibration, scheme, manifest.gold, manifest.seed, beside)
        return self

    def to_bytes(self, exclude: Iterable[str] = ()) -> bytes:
        """Refuse: the classifier is stored in a folder, with its manifest."""
        raise ModelError("the theme classifier is stored with to_disk; to_bytes is not supported")

    def from_bytes(self, data: bytes, exclude: Iterable[str] = ()) -> ThemeTagger:
        """Refuse."""
        raise ModelError("the theme classifier is read with from_disk; from_bytes is not supported")


def unit_vectors(encoder: Encoder, units: Sequence[SentenceContext], unit: Unit) -> Vectors:
    """Return an encoder's vectors of what a classifier reads of one passage: of its sentences or, as their mean, of the whole."""
    subject = units[0].subject
    if unit == "sentence":
        return encoder.vectors(subject, [item.text for item in units])
    text = units[0].text
    read = encoder.vectors(subject, [text[start:end] for start, end in sentence_ranges(text)] or [text])
    return np.asarray(read.mean(axis=0, keepdims=True))


def _by_owner(sentences: Sequence[SentenceContext], owners: Sequence[int]) -> Iterator[list[SentenceContext]]:
    """Yield the sentences of each passage that has any."""
    for _, numbers in groupby(range(len(owners)), key=owners.__getitem__):
        yield [sentences[number] for number in numbers]
