"""Names and amounts in a text, as spaCy components."""
