"""Names of bodies and places, their short forms and ids.

``component.py`` goes the way from a text to its names; ``propose.py`` collects candidates, ``formal.py`` names with a head ("State Agency for ..."),
``schools_and_media.py`` those with a word for their kind, ``lists.py`` what stands in lists, persons too; ``check.py`` trims and refuses them.
``short_forms.py``, ``report_forms.py`` and ``settle.py`` look at the whole report, ``link.py`` gives ids. Words stand in ``../lexicon.toml``.
"""
