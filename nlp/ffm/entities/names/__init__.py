"""Names of organisations and places: proposed, checked, settled over a report, linked."""
