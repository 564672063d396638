"""What the process that others are forked from has loaded: see `warm`. Importing it loads it."""

from __future__ import annotations

import pytest  # noqa: F401 - the main module of the processes

import migkg.cli.build
import migkg.validate  # noqa: F401
from migkg.build import read_one
from migkg.reference import load_reference
from sentences import article

# Lexica, known names and patterns are made ready when they are first needed. No store is opened: it has threads, which
# a forked process would inherit stopped half-way.
for _lang, _text in (
    ("en", "The International Organization for Migration (IOM) held a workshop in Jakarta on 12 June 2024."),
    ("id", "Organisasi Internasional untuk Migrasi (IOM) menggelar lokakarya di Jakarta pada 12 Juni 2024."),
):
    read_one(article(_text, _lang), load_reference())
