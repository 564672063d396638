"""A matrix as files: tables, JSON that leads from each cell to its facts, and heat maps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from migkg.errors import QueryError
from migkg.formats import write_table
from migkg.model import Table
from migkg.network.matrix import Matrix

Writer = Callable[[Matrix, Table | None], bytes]


def _table(form: str) -> Writer:
    def write(matrix: Matrix, facts: Table | None) -> bytes:
        made = write_table(facts or matrix.table(), form)
        return made if isinstance(made, bytes) else made.encode()

    return write


def _json(matrix: Matrix, facts: Table | None) -> bytes:  # noqa: ARG001 - it has them in any case
    totals, across = matrix.totals(), matrix.column_totals()
    lines = {
        place: [
            {"key": head.key, "label": head.labels[matrix.lang], "label_en": head.labels["en"],
             "label_id": head.labels["id"], "number": head.number, "total": counts[head.key]}
            for head in heads
        ]
        for place, heads, counts in (("rows", matrix.rows, totals), ("columns", matrix.columns, across))
    }  # fmt: skip
    cells = [
        {"row": row.key, "column": column.key, "count": len(cell.facts), "facts": cell.facts, "through": cell.through,
         "first": cell.first, "last": cell.last}
        for row in matrix.rows
        for column in matrix.columns
        if (cell := matrix.cells.get((row.key, column.key)))
    ]  # fmt: skip
    found = {
        "name": matrix.name, **matrix.texts[matrix.lang], **lines, "cells": cells,
        "gaps": [row.key for row in matrix.gaps()], "notes": matrix.told(),
    }  # fmt: skip
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()


def _picture(form: str) -> Writer:
    def write(matrix: Matrix, facts: Table | None) -> bytes:
        from migkg.network.heatmap import drawn

        if facts is not None:
            raise QueryError(f"{form} has no place for facts", expected="table, csv, json, md or xlsx")
        return drawn(matrix, form)

    return write


MATRIX_FORMATS: Mapping[str, Writer] = {
    "csv": _table("csv"), "json": _json, "md": _table("md"), "xlsx": _table("xlsx"),
    "svg": _picture("svg"), "png": _picture("png"), "pdf": _picture("pdf"),
}  # fmt: skip
"""Format → (matrix, the table of its facts if that is asked for) → bytes; the name is the file's suffix too."""
