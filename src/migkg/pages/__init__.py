"""Pages of the graph for people: view models and templates, which know nothing of HTTP.

`things`, `lists` and `answers` make view models (`models`) out of a graph, `render` makes them HTML. The service and
the static site show the same pages; `links.Links` says where a link leads.
"""

from migkg.ontology import ONT

VOCABULARY = ONT[:-1]
"""IRI of the ontology, which has a page of its own with all its terms."""
