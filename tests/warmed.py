"""What the process that others are forked from has loaded: see `warm`. Importing it loads it."""

from __future__ import annotations

import pytest  # noqa: F401 - the main module of the processes

import migkg.cli.build  # noqa: F401
from migkg.build import read_one
from migkg.reference import load_reference
from migkg.validate import load_validator
from sentences import article

# Words, names, patterns and shapes are made ready when they are first needed. Not those of Indonesian, which take three
# times as long. No store is opened: it has threads, which a forked process would inherit stopped half-way.
read_one(article("The International Organization for Migration (IOM) held a workshop in Jakarta."), load_reference())
load_validator(None)  # as `validate` calls it
