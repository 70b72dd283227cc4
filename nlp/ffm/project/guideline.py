"""The annotators' guideline, rendered from the scheme."""

from __future__ import annotations

from ffm.project.scheme import Scheme


def render_guideline(scheme: Scheme) -> str:
    """Return the annotators' guideline as Markdown."""
    lines = [f"# {scheme.title}", "", f"Guideline for annotators, version {scheme.version}. Rendered from `scheme.toml`.", ""]
    for title, text in (("Units", scheme.guideline.units), ("How annotators work", scheme.guideline.steps)):
        if text.strip():
            lines += [f"## {title}", "", text.strip(), ""]
    lines += ["## Entities", "", *_running(scheme.guideline.entities)]
    for label in scheme.entity:
        lines += [f"### {label.id}{_key(label.key)}", "", f"{_sentence(label.definition)}", ""]
        lines += _cases(label.applies, label.does_not_apply)
    lines += ["## Themes", "", *_running(scheme.guideline.themes)]
    titles = {"core": "Core themes", "topic": "Topics", "group": "Groups"}
    for group, title in titles.items():
        themes = [theme for theme in scheme.theme if theme.group == group]
        if not themes:
            continue
        lines += [f"### {title}", ""]
        if group == "core" and scheme.stances:
            lines += ["Each carries a stance:", ""]
            lines += [f"- `{name}`: {meaning}" for name, meaning in scheme.stances.items()] + [""]
        for theme in themes:
            lines += [f"#### `{theme.id}` {theme.name}{_key(theme.key)}", ""]
            lines += _cases(theme.applies, theme.does_not_apply)
    return "\n".join(lines).rstrip() + "\n"


def _running(text: str) -> list[str]:
    return [text.strip(), ""] if text.strip() else []


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _cases(applies: str, does_not_apply: str) -> list[str]:
    lines = [f"- Applies: {applies}"] if applies else []
    lines += [f"- Does not apply: {does_not_apply}"] if does_not_apply else []
    return [*lines, ""]


def _key(key: str) -> str:
    return f" (key `{key}`)" if key else ""
