"""Pages of the graph for people: view models and templates, which know nothing of HTTP.

The service and the static site show the same pages; each says where a link leads.
"""
