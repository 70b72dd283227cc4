"""HTTP on this machine: labels for doccano, tagging of reports, and a page to read them. Needs the extra ``serve``."""
