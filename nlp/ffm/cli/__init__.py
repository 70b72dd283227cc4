"""The command line: thin commands over plain functions, one file per group."""

from ffm.cli.main import main

__all__ = ["main"]
