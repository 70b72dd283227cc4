"""The factories by which spaCy makes the project's components; registered as entry points ``spacy_factories``.

No postponed annotations here: spaCy reads the annotations of a factory when it is registered.
"""

from spacy.language import Language
from spacy.tokens import Doc, Span

from ffm.entities.amounts import AmountFinder
from ffm.entities.names.component import NameFinder
from ffm.themes.component import ThemeTagger

for holder, extension in (
    (Span, "origin"),
    (Span, "amount"),
    (Doc, "labels"),
    (Doc, "stance"),
    (Doc, "carrying"),
    (Doc, "sentences"),
    (Doc, "persons"),
    (Doc, "country"),
    (Doc, "date"),
):
    if not holder.has_extension(extension):
        holder.set_extension(extension, default=None)
for about in ("question", "heading"):
    if not Doc.has_extension(about):
        Doc.set_extension(about, default="")
if not Doc.has_extension("themed"):
    Doc.set_extension("themed", default=True)


@Language.factory("ffm_names")
def make_names(nlp: Language, name: str) -> NameFinder:
    """Make the component that finds organisations and places."""
    return NameFinder(nlp, name)


@Language.factory("ffm_amounts")
def make_amounts(nlp: Language, name: str) -> AmountFinder:
    """Make the component that finds amounts and their values."""
    return AmountFinder(nlp, name)


@Language.factory("ffm_themes")
def make_themes(nlp: Language, name: str) -> ThemeTagger:
    """Make the component that classifies passages by theme and stance."""
    return ThemeTagger(nlp, name)
