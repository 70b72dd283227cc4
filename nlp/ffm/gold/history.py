"""What became of an annotated range: who labelled it and when, what a model had suggested, who decided; kept with the record."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Did = Literal["labelled", "accepted", "changed", "adjudicated", "corrected"]


class Event(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one person did with a range.

    Attributes
    ----------
    did
        ``labelled`` without suggestions; ``accepted`` suggestions as they were, or ``changed`` them; ``adjudicated`` what others had marked;
        ``corrected`` a label where they read: not drawn at random, and sure of that label alone.
    who, when
        The person, and an ISO 8601 date.
    model
        Who had suggested, as rows name it; empty where nobody had.
    labels
        The themes that were suggested, with their stance after a colon where it is not the scheme's first.
    suggested, kept, added
        How many themes and spans were suggested, how many of these are left as they were, and how many are new.
    """

    did: Did
    who: str
    when: str
    model: str = ""
    labels: tuple[str, ...] = ()
    suggested: int = 0
    kept: int = 0
    added: int = 0


def with_event(history: tuple[Event, ...], event: Event) -> tuple[Event, ...]:
    """Return a history with one event more; the same thing, done again by the same person, takes the place of the former."""
    return (*(item for item in history if (item.did, item.who) != (event.did, event.who)), event)


def is_correction(history: tuple[Event, ...]) -> bool:
    """Tell whether a range was chosen because somebody saw an error, so that no share may be estimated from it."""
    return any(event.did == "corrected" for event in history)
