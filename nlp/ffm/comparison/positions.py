"""Positions: which source says what of which theme, who was asked and said nothing, who contradicts and who corroborates whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Literal

from msgspec import Struct

from ffm.comparison.attribution import Attributed, Attribution
from ffm.comparison.carried import Carried, words_of
from ffm.comparison.sources import Names
from ffm.entities.names.link import slug
from ffm.records import Range, SourceType, TaggedPassage, carrying_sentences, is_evidence
from ffm.segment.sources import source_type

Stance = Literal["reported", "denied", "unknown"]
Silence = Literal["asked and denied", "asked and unknown", "asked, nothing on it", "not asked"]

REPORTED: Stance = "reported"


class Position(Struct, frozen=True):
    """What one source of one report says of one theme.

    Attributes
    ----------
    covers
        The time that the report speaks of, as registered; empty where it is not known.
    source, source_id
        The source by its name in the report, and its identifier: of :func:`positions` that within the report, in a comparison that over the
        reports of its country.
    reported, denied, unknown
        Number of its passages that carry the theme, by stance; those of a theme without stance count as reported.
    asked
        Number of its passages whose question asks about the theme, whatever the answer says; None of a source that nobody is seen to ask.
    passages
        Ids of the passages that carry the theme, in order.
    asked_passages
        Ids of those whose question asks about it.
    """

    report: str
    covers: str
    source: str
    source_id: str
    source_type: SourceType | None
    theme: str
    reported: int
    denied: int
    unknown: int
    asked: int | None
    passages: tuple[str, ...]
    asked_passages: tuple[str, ...] = ()

    @property
    def silence(self) -> Silence | None:
        """What its not reporting the theme means; None where it reports it, denies it unasked, or cannot be told.

        The four are never added up: who was not asked has not denied.
        """
        if self.reported or self.asked is None:
            return None
        if not self.asked:
            return None if self.passages else "not asked"
        if self.denied:
            return "asked and denied"
        return "asked and unknown" if self.unknown else "asked, nothing on it"


class Contradiction(Struct, frozen=True):
    """One source reports of a theme what another denies, in one report or in reports of one country and year.

    Attributes
    ----------
    reporting, denying
        The two positions.
    reported_in, denied_in
        Ids of the passages of each that say so, those with the highest score first.
    """

    theme: str
    covers: str
    reporting: Position
    denying: Position
    reported_in: tuple[str, ...]
    denied_in: tuple[str, ...]


class Corroboration(Struct, frozen=True):
    """How many sources report a theme independently of each other.

    Attributes
    ----------
    group
        The report, or country and year of several.
    sources
        Identifiers of all sources that report the theme.
    independent
        Of these, those with a passage of their own: no text that another source's repeats, or that was carried over from an earlier report.
    passages
        Ids of the passages that count, in order.
    """

    theme: str
    group: str
    sources: tuple[str, ...]
    independent: tuple[str, ...]
    passages: tuple[str, ...]


class Said(Struct, frozen=True):
    """What is kept of a passage that a position rests on; ``digest`` is that of its words."""

    report: str
    passage: str
    start: int
    stance: dict[str, str]
    scores: dict[str, float]
    digest: bytes


class _Voice(Struct, frozen=True):
    """A passage, or sentences of it, as the words of one source."""

    source: str
    local: str
    type: SourceType | None
    passage: TaggedPassage
    sentences: tuple[Range, ...] | None = None

    def carries(self, theme: str) -> bool:
        """Tell whether its words carry a theme: those of an attribution where they overlap a sentence that does."""
        if theme not in self.passage.labels:
            return False
        if self.sentences is None:
            return True
        carrying = carrying_sentences(self.passage, theme)
        return any(start < right and left < end for start, end in self.sentences for left, right in carrying)


def positions(
    passages: Sequence[TaggedPassage],
    themes: Sequence[str],
    names: Mapping[str, Names],
    covers: Mapping[str, str],
    attributed: Attributed,
) -> list[Position]:
    """Return what each source says of each theme, those that it says nothing of too.

    A source is who was interviewed; in a narrative, who is quoted, and the bodies to whom sentences are attributed, see
    :func:`ffm.comparison.attribution.attributions`. Only evidence counts. A passage has one stance for a theme: where two bodies speak in
    it of one theme, both get it.

    Parameters
    ----------
    passages
        Rows of all reports.
    themes
        Ids of the themes, in order.
    names
        By report the names of its bodies, of :func:`ffm.comparison.sources.names_of`.
    covers
        By report the time that it speaks of.
    attributed
        By passage the sentences given as what bodies say, of :func:`ffm.comparison.attribution.attributions`.

    Returns
    -------
    list of Position
        By report, by the first passage of each source, and by theme in the order given; of a source that nobody is seen to ask, the themes
        that it speaks of alone.
    """
    evidence = sorted(filter(is_evidence, passages), key=lambda passage: (passage.report, passage.start, passage.end, passage.passage))
    asked = {passage.passage: passage.question_scores.keys() for passage in evidence if passage.question is not None}
    voices: dict[tuple[str, str], list[_Voice]] = defaultdict(list)
    for voice in _voices(evidence, names, attributed):
        voices[voice.passage.report, voice.local].append(voice)
    found = []
    for (report, local), mine in voices.items():
        questioned = [voice.passage for voice in mine if voice.sentences is None and voice.passage.passage in asked]
        for theme in themes:
            carrying = {voice.passage.passage: voice.passage for voice in mine if voice.carries(theme)}
            stances = [_stance(passage, theme) for passage in carrying.values()]
            about = tuple(dict.fromkeys(passage.passage for passage in questioned if theme in asked[passage.passage]))
            if not carrying and not questioned:
                continue  # of a body that is only quoted, silence tells nothing
            found.append(
                Position(
                    report=report,
                    covers=covers.get(report, ""),
                    source=mine[0].source,
                    source_id=local,
                    source_type=next((voice.type for voice in mine if voice.type), None),
                    theme=theme,
                    reported=stances.count("reported"),
                    denied=stances.count("denied"),
                    unknown=stances.count("unknown"),
                    asked=len(about) if questioned else None,
                    passages=tuple(carrying),
                    asked_passages=about,
                )
            )
    return found


def _stance(passage: TaggedPassage | Said, theme: str) -> Stance:
    match passage.stance.get(theme):
        case "denied":
            return "denied"
        case "unknown":
            return "unknown"
        case _:
            return REPORTED


def _voices(evidence: Iterable[TaggedPassage], names: Mapping[str, Names], attributed: Attributed) -> Iterable[_Voice]:
    """Yield whose words the passages are, in their order."""
    for passage in evidence:
        if passage.source is not None:
            yield _Voice(passage.source, names[passage.report].local(passage.source), passage.source_type, passage)
            continue
        quoted = _quoted(passage, names)
        if quoted is not None:  # what is attributed within it is hearsay of who is quoted
            yield quoted
            continue
        sentences: dict[str, list[Attribution]] = defaultdict(list)
        for attribution in attributed.get(passage.passage, ()):
            sentences[attribution.id].append(attribution)
        for local, mine in sentences.items():
            name = names[passage.report].shown(local)
            yield _Voice(name, local, source_type(name), passage, tuple((item.start, item.end) for item in mine))


def _quoted(passage: TaggedPassage, names: Mapping[str, Names]) -> _Voice | None:
    """Return the voice of who is quoted: the body of the name, else the name; None where it begins as no name does."""
    name = passage.quoted_source
    if name is None:
        return None
    mine = names[passage.report]
    body = mine.within(name)
    if body is not None:
        shown = mine.shown(body)
        return _Voice(shown, body, source_type(shown) or passage.source_type, passage)
    return _Voice(name, slug(name), passage.source_type, passage) if name[:1].isupper() else None


def contradictions(
    found: Sequence[Position], passages: Iterable[TaggedPassage | Said], countries: Mapping[str, str] | None = None
) -> list[Contradiction]:
    """Return where one source reports of a theme what another denies, in the same report, or in the same country and year.

    Parameters
    ----------
    found
        Positions, of :func:`positions`.
    passages
        The rows that they were found in.
    countries
        By report its country. Reports without country or year are compared with themselves alone.

    Returns
    -------
    list of Contradiction
        By theme and group in the order of the positions.
    """
    rows = {(row.report, row.passage): row for row in said(found, passages)}
    result = []
    for theme, _, mine in _groups(found, countries or {}):
        denying = [position for position in mine if position.denied]
        for reporter in (position for position in mine if position.reported):
            for denier in denying:
                if denier.source_id == reporter.source_id:
                    continue
                result.append(
                    Contradiction(
                        theme,
                        reporter.covers[:4],
                        reporter,
                        denier,
                        _saying(reporter, "reported", rows),
                        _saying(denier, "denied", rows),
                    )
                )
    return result


def _groups(found: Iterable[Position], countries: Mapping[str, str]) -> Iterable[tuple[str, str, list[Position]]]:
    """Yield themes and groups with their positions: a report, or the reports of one country and year."""
    groups: dict[tuple[str, str], list[Position]] = defaultdict(list)
    for position in found:
        country, year = countries.get(position.report, ""), position.covers[:4]
        groups[position.theme, f"{country} {year}" if country and year else position.report].append(position)
    for (theme, group), mine in groups.items():
        yield theme, group, mine


def said(found: Iterable[Position], passages: Iterable[TaggedPassage | Said]) -> Iterator[Said]:
    """Yield what is kept of the passages that positions rest on."""
    wanted = {(position.report, name) for position in found for name in position.passages}
    for row in passages:
        if isinstance(row, Said):
            yield row
        elif (row.report, row.passage) in wanted:
            digest = blake2b("\n".join(words_of(row.text)).encode("utf-8", "surrogatepass")).digest()
            yield Said(row.report, row.passage, row.start, row.stance, row.scores, digest)


def _saying(position: Position, stance: Stance, rows: Mapping[tuple[str, str], Said]) -> tuple[str, ...]:
    """Return the passages of a position with a stance, those with the highest score first."""
    mine = [row for name in position.passages if (row := rows.get((position.report, name))) and _stance(row, position.theme) == stance]
    return tuple(row.passage for row in sorted(mine, key=lambda row: (-row.scores.get(position.theme, 0.0), row.start, row.passage)))


def corroborations(
    found: Sequence[Position],
    passages: Iterable[TaggedPassage | Said],
    countries: Mapping[str, str] | None = None,
    carried: Iterable[Carried] = (),
) -> list[Corroboration]:
    """Return how many sources report each theme independently, in each report, or in each country and year.

    Parameters
    ----------
    found
        Positions, of :func:`positions`.
    passages
        The rows that they were found in.
    countries
        By report its country. Reports without country or year stand alone.
    carried
        What was carried over from report to report: such a text corroborates nothing.

    Returns
    -------
    list of Corroboration
        One for each theme and group in which a source reports it.
    """
    rows = {(row.report, row.passage): row for row in said(found, passages)}
    old = {(item.to_report, item.passage_to) for item in carried if item.state == "carried"}
    result = []
    for theme, group, mine in _groups(found, countries or {}):
        reporting = [position for position in mine if position.reported]
        first: dict[bytes, str] = {}
        independent: dict[str, None] = {}
        counted: dict[str, None] = {}
        for position in reporting:
            for name in position.passages:
                row = rows.get((position.report, name))
                if row is None or _stance(row, theme) != REPORTED or (position.report, name) in old:
                    continue
                if first.setdefault(row.digest, name) == name:
                    independent[position.source_id] = None
                    counted[name] = None
        if reporting:
            sources = tuple(dict.fromkeys(position.source_id for position in reporting))
            result.append(Corroboration(theme, group, sources, tuple(independent), tuple(counted)))
    return result
