"""The gold store: stand-off annotations of reports, read, merged, written."""
