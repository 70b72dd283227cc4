"""Gold of several sources as one: that of a project, on sentences, and that of a round, on passages; nothing is dropped without a word.

Where both annotated the same words, they are held against each other: what says the same stands once, in the finer ranges; what does
not is named, and nothing is joined until it is decided which counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from ffm.errors import GoldError
from ffm.gold.annotators import Annotations
from ffm.gold.merge import content, joint_header, text_or_scheme_mismatch
from ffm.gold.store import GoldHeader, GoldRecord, check_records
from ffm.project.scheme import Scheme

ROLE = "role "


class Joined(Struct, frozen=True):
    """What joining gave.

    Attributes
    ----------
    gold
        One header and its records a report; to be written only where there are no problems.
    same
        Number of places that several sources annotated and that say the same.
    problems
        What contradicts itself, one line each.
    notices
        What gave way to a later source, one line each.
    """

    gold: tuple[tuple[GoldHeader, tuple[GoldRecord, ...]], ...]
    same: int
    problems: tuple[str, ...]
    notices: tuple[str, ...]


def join_gold(sets: Sequence[Annotations], scheme: Scheme, later: bool = False) -> Joined:
    """Join gold of several sources.

    Parameters
    ----------
    sets
        The sources, each under a name that messages tell.
    later
        Where two contradict each other, the one that is named later counts.

    Raises
    ------
    GoldError
        If fewer than two are given.
    """
    if len(sets) < 2:
        raise GoldError("joining needs gold of two or more sources; name them")
    gold = []
    same = 0
    problems: list[str] = []
    notices: list[str] = []
    for report in sorted(set().union(*(item.records for item in sets))):
        having = [item for item in sets if report in item.records]
        if problem := text_or_scheme_mismatch(report, having):
            problems.append(problem)
            continue
        kept = [(having[0].name, record) for record in having[0].records[report].values()]
        for item in having[1:]:
            new: list[tuple[str, GoldRecord]] = []
            for before, after in _meeting(kept, [(item.name, record) for record in item.records[report].values()]):
                if not before or not after:
                    new += before or after
                elif _agree(before, after) and (finer := _finer(before, after)):
                    same += 1
                    new += finer
                else:
                    new += after
                    (notices if later else problems).append(_contradiction(report, before, after, later))
            kept = new
        records = [record for _, record in kept]
        try:
            check_records(report, records, None, scheme)
        except GoldError as error:
            problems.append(str(error))
        header = having[0].headers[report] if len(having) == 1 else joint_header([item.headers[report] for item in having])
        gold.append((header, tuple(records)))
    return Joined(tuple(gold), same, tuple(problems), tuple(notices))


Named = tuple[str, GoldRecord]


def _meeting(before: Sequence[Named], after: Sequence[Named]) -> Iterator[tuple[list[Named], list[Named]]]:
    """Yield the records that lie over each other, by source; a footnote inside of a passage lies apart from it."""
    marked = [(item, False) for item in before] + [(item, True) for item in after]
    for role in sorted({record.role for (_, record), _ in marked}):
        group: tuple[list[Named], list[Named]] = ([], [])
        reached = 0
        of_role = [found for found in marked if found[0][1].role == role]
        for item, later in sorted(of_role, key=lambda found: (found[0][1].start, -found[0][1].end)):
            if item[1].start >= reached and (group[0] or group[1]):
                yield group
                group = ([], [])
            group[later].append(item)
            reached = max(reached, item[1].end)
        if group[0] or group[1]:
            yield group


def _says(records: Sequence[Named]) -> frozenset[str]:
    """Return what records say together: themes with their stances, entities with their values."""
    return frozenset(said for _, record in records for said in content(record) if not said.startswith(ROLE))


def _agree(before: Sequence[Named], after: Sequence[Named]) -> bool:
    """Tell whether records say the same together; a passage has the stance of one of its sentences that carry the theme."""
    one, two = _stances(before), _stances(after)
    themes = {f"{theme} {stance}".strip() for found in (one, two) for theme, held in found.items() for stance in held}
    return one.keys() == two.keys() and all(one[theme] & two[theme] for theme in one) and _says(before) - themes == _says(after) - themes


def _stances(records: Sequence[Named]) -> dict[str, set[str]]:
    """Return the stances of each theme that records carry; an empty one of a theme that has none."""
    found: dict[str, set[str]] = {}
    for _, record in records:
        for theme in record.themes:
            found.setdefault(theme, set()).add(record.stance.get(theme, ""))
    return found


def _finer(before: list[Named], after: list[Named]) -> list[Named]:
    """Return the records in more ranges, or the others where these reach further; none where each reaches further at one end."""
    ordered = (before, after) if len(before) >= len(after) else (after, before)
    whole = _extent([*before, *after])
    return next((records for records in ordered if _extent(records) == whole), [])


def _extent(records: Sequence[Named]) -> tuple[int, int]:
    return min(record.start for _, record in records), max(record.end for _, record in records)


def _contradiction(report: str, before: Sequence[Named], after: Sequence[Named], later: bool) -> str:
    start, end = _extent([*before, *after])
    one, two = _says(before), _says(after)
    names = [" and ".join(sorted({name for name, _ in records})) for records in (before, after)]
    if _agree(before, after):
        one, two = (frozenset({"{}-{}".format(*_extent(records))}) for records in (before, after))
    told = [f"{name}: {', '.join(sorted(said)) or '-'}" for name, said in zip(names, (one - two, two - one), strict=True)]
    remedy = f"{names[1]} counts" if later else "correct one, or let the later count with --later"
    return f"{report} {start}-{end}: {'; '.join(told)}; {remedy}"
