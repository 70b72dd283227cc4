"""Tagged rows of several versions of one scheme, told in the newest of them as far as its changes determine it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from ffm.errors import SchemeError
from ffm.project.changes import Labelling, Step, reexpressed, retold, undetermined
from ffm.project.project import Project
from ffm.project.scheme import Scheme
from ffm.project.versions import read_reference, steps_to, told_changes
from ffm.records import Entity, TaggedPassage
from ffm.tagging.ranked import ranked_by
from ffm.tagging.schemes import find_scheme, scheme_of_rows, shown, themes_of, told


class OneScheme(Struct, frozen=True):
    """The one scheme that rows are told in.

    Attributes
    ----------
    steps
        By what a row calls its scheme, the steps that lead from there, for :func:`restate_row`.
    reexpressed
        By report that was labelled by an older version, the themes that are made of other ones of that version.
    undetermined
        By report, the themes of which its labels do not tell, as a change of the scheme leaves them open, or as what tagged it
        only ranked passages by them.
    notices
        What the reader should know, one line a version or model.
    """

    scheme: Scheme
    steps: dict[str, tuple[Step, ...]]
    reexpressed: dict[str, frozenset[str]]
    undetermined: dict[str, frozenset[str]]
    notices: tuple[str, ...]


def in_one_scheme(rows: Sequence[TaggedPassage], project: Project) -> OneScheme:
    """Find the one scheme that rows are told in: the newest among theirs, where its changes lead there from the others.

    Parameters
    ----------
    rows
        At least those that say of a report's scheme, model or labels what none before them did.

    Raises
    ------
    SchemeError
        If rows are of different schemes, or of versions between which no changes lead; the message names both.
    """
    if not rows:
        return OneScheme(scheme_of_rows(rows, project), {}, {}, {}, ())
    scheme, newest = _newest(rows, project)
    same = {row.scheme for row in rows if read_reference(row.scheme).meaning == read_reference(newest.scheme).meaning}
    paths: dict[str, tuple[Step, ...]] = dict.fromkeys(same, ())
    for row in rows:
        if row.scheme not in paths:
            try:
                paths[row.scheme] = path_to(scheme, row.scheme, [other for other in rows if other.scheme == row.scheme])
            except SchemeError as error:
                raise SchemeError(
                    f"{shown(row.report)} is labelled by {told(row.scheme)}, {shown(newest.report)} by {told(newest.scheme)}: {error}; "
                    "or tag both with one model"
                ) from None
    since: dict[str, int] = {}
    for row in rows:
        origin = read_reference(restate_row(row, paths[row.scheme], scheme)[0].scheme).since
        if origin is not None:
            since[row.report] = min(origin, since.get(row.report, origin))
    opened = {version: undetermined(_changes(scheme, version)) for version in set(since.values())}
    themes = set(scheme.theme_ids)
    made = {version: (retold(_changes(scheme, version)) - opened[version]) & themes for version in opened}
    notices = [
        _notice(version, [report for report in since if since[report] == version], scheme, opened[version]) for version in sorted(opened)
    ]
    missing = {report: opened[version] & themes for report, version in since.items()}
    for report, only_ranked in _only_ranked(rows, paths, project, themes).items():
        missing[report] = missing.get(report, frozenset()) | (only_ranked & themes)
    notices += _ranked_notices(rows, project)
    return OneScheme(scheme, paths, {report: made[version] for report, version in since.items()}, missing, tuple(notices))


def _only_ranked(
    rows: Sequence[TaggedPassage], paths: Mapping[str, tuple[Step, ...]], project: Project, themes: Set[str]
) -> dict[str, Set[str]]:
    """Return by report which themes what tagged it never gives as labels, among those of the scheme to which the paths lead."""
    by_model = {model: ranked_by(model, project) for model in {row.model for row in rows}}
    found: dict[str, Set[str]] = {}
    for report, model, reference in {(row.report, row.model, row.scheme) for row in rows}:
        ranked = by_model[model]
        left: Set[str] = themes
        if ranked is not None:
            left = ranked
            for step in paths[reference]:
                left = {target for theme in left for target in step.targets(theme)}
        if left:
            found[report] = found.get(report, frozenset()) | left
    return found


def _ranked_notices(rows: Sequence[TaggedPassage], project: Project) -> list[str]:
    """Return a line on each model that only ranks passages by some themes, and on the first look, which does so by all."""
    notices = []
    for model in sorted({row.model for row in rows}):
        ranked = ranked_by(model, project)
        if ranked is None or ranked:
            reports = sorted({row.report for row in rows if row.model == model})
            names = ", ".join(shown(report) for report in reports[:3]) + (f" and {len(reports) - 3} more" if len(reports) > 3 else "")
            notices.append(
                f"{names}: tagged by a first look, which ranks passages and gives no labels; train a model and tag again to measure themes"
                if ranked is None
                else f"{names}: {shown(model)} only ranks passages by {', '.join(sorted(ranked))}; label more of them and train again to measure them"
            )
    return notices


def path_to(scheme: Scheme, reference: str, rows: Sequence[TaggedPassage]) -> tuple[Step, ...]:
    """Return the steps that lead to a scheme from that of rows; none where both mean the same.

    Raises
    ------
    SchemeError
        If they are two schemes, or the changes do not lead from the one to the other; the message says why, and names neither.
    """
    older = read_reference(reference)
    if older.meaning == (scheme.id, scheme.digest):
        return ()
    if older.id != scheme.id:
        raise SchemeError("labels of two schemes cannot be mixed; compare what one scheme labels")
    if older.version == scheme.version:
        raise SchemeError(
            f"both call themselves version {scheme.version} but mean different things; raise the version of the one that was changed "
            "and write its [[change]] entries"
        )
    steps = steps_to(scheme, older.version)
    left = themes_of(rows)
    for step in steps:
        left = {target for theme in left for target in step.targets(theme)}
    if lost := left - set(scheme.theme_ids):
        raise SchemeError(f'no [[change]] says what became of "{shown(min(lost))}"; add it to the later scheme')
    return steps


def restate_row(row: TaggedPassage, steps: Sequence[Step], scheme: Scheme) -> tuple[TaggedPassage, frozenset[str]]:
    """Return a row in the labels of a scheme to which steps lead, and those of them that a person must look at.

    A label that is left open is not among the row's labels; a theme that is made of several has the highest of their scores.
    """
    if not steps:
        return row, frozenset()
    themes = reexpressed(Labelling({theme: row.stance.get(theme) for theme in row.labels}), steps)
    stance = {theme: found for theme, found in themes.carried.items() if found in scheme.stances and theme in scheme.stance_ids}
    eyes = themes.open | themes.doubtful | ({*themes.carried} & {*scheme.stance_ids} - stance.keys())
    entities, more = _entities(row.entities, steps)
    question_entities, _ = _entities(row.question_entities, steps)
    scores: dict[str, float] = {}
    for theme, score in row.scores.items():
        targets: tuple[str, ...] = (theme,)
        for step in steps:
            targets = step.targets(targets[0]) if len(targets) == 1 else ()
        if len(targets) == 1:
            scores[targets[0]] = max(score, scores.get(targets[0], 0.0))
    before = read_reference(row.scheme)
    restated = replace(
        row,
        labels=tuple(theme for theme in scheme.theme_ids if theme in themes.carried),
        stance={theme: found for theme, found in stance.items() if found is not None},
        scores=scores,
        entities=entities,
        question_entities=question_entities,
        scheme=f"{scheme.reference} from {before.version if before.since is None else before.since}",
    )
    return restated, eyes | more


def _entities(entities: Sequence[Entity], steps: Sequence[Step]) -> tuple[tuple[Entity, ...], frozenset[str]]:
    found: list[Entity] = []
    eyes: frozenset[str] = frozenset()
    for entity in entities:
        label = reexpressed(Labelling({entity.label: None}), steps)
        found += [replace(entity, label=name) for name in label.carried]
        eyes |= label.open | label.doubtful
    return tuple(found), eyes


def _newest(rows: Sequence[TaggedPassage], project: Project) -> tuple[Scheme, TaggedPassage]:
    """Return the newest scheme that rows are labelled by, and a row of it; whether it is reached from the others is for :func:`path_to`."""
    references = {row.scheme: read_reference(row.scheme) for row in rows}
    newest = max(rows, key=lambda row: references[row.scheme].version)
    reference = references[newest.scheme]
    mine = [row for row in rows if references[row.scheme].meaning == reference.meaning]
    if len(mine) == len(rows) and all(found.since is None for found in references.values()):
        return scheme_of_rows(rows, project), newest
    scheme = find_scheme(reference, themes_of(mine), project)
    if scheme is None and any(found.id == reference.id and found.meaning != reference.meaning for found in references.values()):
        raise SchemeError(
            f"{shown(newest.report)} is labelled by {told(newest.scheme)}, which is not here to say what changed; "
            "name its project with --project, or tag all reports with one model"
        )
    return scheme or scheme_of_rows(mine, project), newest


def _changes(scheme: Scheme, version: int) -> tuple[Step, ...]:
    return steps_to(scheme, version) if version < scheme.version else ()


def _notice(version: int, reports: Sequence[str], scheme: Scheme, opened: frozenset[str]) -> str:
    names = ", ".join(shown(report) for report in sorted(reports)[:3]) + (f" and {len(reports) - 3} more" if len(reports) > 3 else "")
    changes = told_changes(_changes(scheme, version), scheme)
    said = ", ".join(f"{change.kind} {change.text}" for change in changes if change.kind in ("renamed", "merged", "dropped"))
    line = f"{names}: labelled by version {version} of {scheme.id}, told in version {scheme.version}" + (f" ({said})" if said else "")
    missing = ", ".join(label for label in (*scheme.theme_ids, *scheme.entity_ids) if label in opened)
    return line + (f"; the changes leave open {missing}: tag the reports again to measure them" if missing else "")
