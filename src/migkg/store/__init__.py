"""Where the graph is kept: one protocol for every store, and the kinds of store.

A store holds named graphs, one an article, and a default graph that is their union, materialised and free of
duplicates. A union computed for each query would count a triple once for each graph that states it, and is many
times slower on queries with OPTIONAL.

RDF terms cross this border as pyoxigraph terms, whatever kind of store is behind it.
"""

from migkg.store.base import Answer, Rows, Statement, Store, select
from migkg.store.embedded import EmbeddedStore
from migkg.store.remote import RemoteStore

__all__ = ["Answer", "EmbeddedStore", "RemoteStore", "Rows", "Statement", "Store", "select"]
