"""Projects for a batch of passages: made, checked and repaired, so that a second run changes nothing."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ffm.doccano.client import KINDS, PROJECT_TYPE, Project, Server
from ffm.doccano.errors import DoccanoError, without_login
from ffm.doccano.share import Share, read_share
from ffm.exchange.categories import LabelType, category_types, span_types
from ffm.project.guideline import render_guideline
from ffm.project.scheme import Scheme

TAG = "ffm"  # marks the projects that are ours
DECISIONS = "adjudication"  # marks those in which differences are decided
ROLE = "annotator"
LONGEST_NAME = 100
USER = re.compile(r"[\w.@+-]+")  # a user's name in doccano
TOKEN_VARIABLE = "FFM_SERVE_TOKEN"
RESTORE = "run ffm doccano setup again, which restores it"


class Batch(Struct, frozen=True):
    """The projects of a batch of passages.

    Attributes
    ----------
    blind
        Whether all annotators work in one project, where none sees the others' marks; else each has a project.
    projects
        By annotator; for a blind batch one, under no name.
    share
        How its passages are shared out; None where everybody reads everything.
    """

    name: str
    blind: bool
    projects: dict[str, Project]
    share: Share | None = None


def project_name(batch: str, annotator: str) -> str:
    """Return the name of an annotator's project."""
    return f"{batch}: {annotator}" if annotator else batch


def find_batch(server: Server, name: str) -> Batch | None:
    """Return a batch, or None where the server has none of the name.

    Raises
    ------
    DoccanoError
        If a project of its name is not ours, two have one name, or there are projects of both modes.
    """
    found: dict[str, Project] = {}
    for project in sorted(server.projects(), key=lambda project: project.name):
        annotator = project.name.removeprefix(name).removeprefix(": ")
        if project.name != name and not (project.name == project_name(name, annotator) and USER.fullmatch(annotator)):
            continue
        where = f'{server.address}: the project "{project.name}"'
        if project.type != PROJECT_TYPE or TAG not in project.tags:
            kind = f", and is of type {project.type}" if project.type != PROJECT_TYPE else ""
            raise DoccanoError(f"{where} was not made by ffm{kind}; choose another name, or rename it in doccano")
        if project.collaborative != bool(annotator):
            other = "one annotator's" if project.collaborative else "a blind one"
            raise DoccanoError(f"{where} is {other}, not one of a batch of this name; choose another name")
        if annotator in found:
            raise DoccanoError(f"{where} stands there twice; delete one in doccano")
        found[annotator] = project
    if "" in found and len(found) > 1:
        raise DoccanoError(
            f'{server.address}: "{name}" is a blind project and has projects of single annotators beside it; rename one of them in doccano'
        )
    shares = [share for project in found.values() if (share := read_share(project.tags))]
    return Batch(name, "" in found, found, shares[0] if shares else None) if found else None


def open_batch(server: Server, name: str) -> Batch:
    """Return a batch.

    Raises
    ------
    DoccanoError
        If the server has none of the name, or as :func:`find_batch`.
    """
    batch = find_batch(server, name)
    if batch is None:
        raise DoccanoError(f'{server.address}: "{server.user}" sees no project "{name}"; check the name, or make it with ffm doccano setup')
    return batch


def set_up(
    server: Server,
    name: str,
    annotators: Sequence[str],
    scheme: Scheme,
    blind: bool = False,
    auto_label: str | None = None,
    decisions: bool = False,
    share: Share | None = None,
) -> list[str]:
    """Make what is missing of a batch's projects, and restore what has been changed.

    Parameters
    ----------
    annotators
        Users of the server.
    blind
        One project in which annotators do not see each other's marks; else a project for each.
    auto_label
        The address of ``ffm serve``, which then suggests labels while annotators look; empty to end that.
    decisions
        The annotators decide what others differ about.
    share
        How passages are shared out; by default as the batch has it, and where it is new everybody reads everything.

    Returns
    -------
    list of str
        What was done, one line each.

    Raises
    ------
    DoccanoError
        If a project of the name is not ours or of the other mode, or a user does not exist.
    """
    before = find_batch(server, name)
    if before is not None and before.blind != blind:
        mode = "is a blind project" if before.blind else "has a project for each annotator"
        raise DoccanoError(f'{server.address}: "{name}" {mode}; choose another name, or {"add" if before.blind else "leave out"} --blind')
    if before is not None and any((DECISIONS in project.tags) != decisions for project in before.projects.values()):
        raise DoccanoError(
            f'{server.address}: "{name}" is a batch for {"annotation" if decisions else "adjudication"}; choose another name'
        )
    if share is not None and blind:
        raise DoccanoError(f'"{name}": in a blind project everybody sees every passage; leave out --blind, or --per-passage and --overlap')
    if before is not None and share is not None and (before.share is None or before.share.tag != share.tag):
        told = f"is shared out as {before.share.tag}" if before.share else "gives everybody every passage"
        raise DoccanoError(f'{server.address}: "{name}" {told}; choose another name')
    share = before.share if before is not None else share
    if unknown := sorted(set(annotators) - set(server.users())):
        raise DoccanoError(
            f'{server.address}: there is no user "{unknown[0]}"; ask the server\'s administrator to make one, then run the command again'
        )
    configurations = [] if not auto_label else auto_label_configurations(auto_label)
    done: list[str] = []
    for annotator in [""] if blind else annotators:
        wanted = project_name(name, annotator)
        if len(wanted) > LONGEST_NAME or wanted != wanted.strip():
            raise DoccanoError(f'"{wanted}": doccano allows {LONGEST_NAME} characters for a name, no space at its ends; shorten it')
        project = before.projects.get(annotator) if before else None
        tags = (TAG, *((DECISIONS,) if decisions else ()), *((share.tag,) if share else ()))
        done += _set_up_project(server, wanted, project, annotators if blind else [annotator], scheme, blind, tags)
        project = project or open_batch(server, name).projects[annotator]
        if auto_label is not None:
            done += _set_auto_labels(server, project, configurations)
    return done


def _set_up_project(
    server: Server, name: str, project: Project | None, annotators: Sequence[str], scheme: Scheme, blind: bool, tags: Sequence[str]
) -> list[str]:
    done = []
    guideline = render_guideline(scheme)
    description = f"Passages for {', '.join(annotators)} ({scheme.id} {scheme.version}{', blind' if blind else ''})"
    if project is None:
        project = server.create_project(name, not blind, tags, guideline, description)
        set_label_types(server, project, scheme)
        done.append(f'"{name}": made')
    elif project.guideline.strip() != guideline.strip():
        server.update_project(project, guideline, project.description)
        done.append(f'"{name}": guideline renewed')
    done += [f'"{name}": {line}' for line in set_label_types(server, project, scheme)]
    members = server.members(project)
    for annotator in annotators:
        if annotator not in members:
            server.add_member(project, annotator, ROLE)
            done.append(f'"{name}": {annotator} is a member')
    return done


def wanted_types(scheme: Scheme) -> dict[str, list[LabelType]]:
    """Return the label types that a project should have, by kind."""
    return {"category": category_types(scheme), "span": span_types(scheme)}


def set_label_types(server: Server, project: Project, scheme: Scheme) -> list[str]:
    """Make the label types that a project lacks, and restore the colours and keys of the others; tell what was done."""
    done = []
    for kind, wanted in wanted_types(scheme).items():
        known = {found.label.text: found for found in server.label_types(project, kind)}
        texts = {label.text for label in wanted}
        keys = {(label.prefix, label.suffix) for label in wanted}
        for text, found in known.items():
            if text not in texts and found.label.suffix and (found.label.prefix, found.label.suffix) in keys:
                server.update_label_type(project, kind, found, LabelType(text, found.label.colour))
        changed = [label for label in wanted if label.text in known and known[label.text].label != label]
        for label in changed:  # first all keys are freed, as no two labels may have one
            server.update_label_type(project, kind, known[label.text], LabelType(label.text, label.colour))
        missing = [label for label in wanted if label.text not in known]
        if missing:
            server.create_label_types(project, kind, missing)
        for label in changed:
            server.update_label_type(project, kind, known[label.text], label)
        done += [f'label "{label.text}" made' for label in missing] + [f'label "{label.text}" restored' for label in changed]
    return done


def missing_types(server: Server, project: Project, scheme: Scheme) -> list[str]:
    """Return the labels of the scheme that a project lacks."""
    wanted = wanted_types(scheme)
    return [
        label.text
        for kind in KINDS
        for known in [{found.label.text for found in server.label_types(project, kind)}]
        for label in wanted[kind]
        if label.text not in known
    ]


def missing_line(project: Project, missing: Sequence[str]) -> str:
    """Return what to tell about the labels that a project lacks."""
    return (
        f'"{project.name}": the {"label" if len(missing) == 1 else "labels"} {", ".join(missing)} '
        f"{'was' if len(missing) == 1 else 'were'} deleted in doccano, with all marks of it; {RESTORE}"
    )


def auto_label_configurations(address: str) -> list[dict[str, Any]]:
    """Return doccano's configurations for the labels of ``ffm serve`` at an address, spans and categories.

    Raises
    ------
    DoccanoError
        If the address is none.
    """
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or "@" in parts.netloc:
        raise DoccanoError(
            f'"{without_login(address)}" is no address of ffm serve; write it as http://127.0.0.1:8137, its token into {TOKEN_VARIABLE}'
        )
    token = os.environ.get(TOKEN_VARIABLE, "")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return [
        {
            "model_name": "Custom REST Request",
            "model_attrs": {
                "url": f"{address.rstrip('/')}/autolabel/{answer}",
                "method": "POST",
                "params": {},
                "headers": headers,
                "body": {"text": "{{ text }}"},
            },
            "template": "{{ input." + answer + " | tojson }}",
            "label_mapping": {},
            "task_type": task,
        }
        for answer, task in (("spans", "Span"), ("categories", "Category"))
    ]


def _set_auto_labels(server: Server, project: Project, wanted: Sequence[dict[str, Any]]) -> list[str]:
    known = server.auto_labels(project)
    missing = list(wanted)
    done = []
    for found in known:
        same = next((item for item in missing if all(found.get(key) == value for key, value in item.items())), None)
        if same is not None:
            missing.remove(same)
        else:
            server.delete_auto_label(project, found["id"])
            done.append(f'"{project.name}": an older auto-labelling removed')
    for configuration in missing:
        server.add_auto_label(project, configuration)
        done.append(f'"{project.name}": auto-labelling from {configuration["model_attrs"]["url"]}')
    return done
