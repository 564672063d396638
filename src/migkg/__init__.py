"""migkg turns news on migration governance into a knowledge graph with a quotation behind every fact.

import migkg
with migkg.open("kg") as kg:
    print(kg.query("people"))
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migkg.kg import KnowledgeGraph, RemoteGraph

__version__ = "0.1.0"
__all__ = ["__version__", "connect", "open"]


def open(folder: Path | str = "kg") -> KnowledgeGraph:  # noqa: A001 - reads as migkg.open
    """Open a graph folder for reading.

    :raises GraphError: when there is no graph in it.
    """
    from migkg.kg import KnowledgeGraph

    return KnowledgeGraph(folder)


def connect(endpoint: str, **options: Any) -> RemoteGraph:
    """Ask the graph of a SPARQL server.

    :param endpoint: the address of its queries.
    :param options: user, password, token, timeout, update, graph_store: see `RemoteStore`.
    :raises EndpointError: when it is no address of a server.
    """
    from migkg.kg import RemoteGraph

    return RemoteGraph(endpoint, **options)
