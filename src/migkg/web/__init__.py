"""The web service: a SPARQL 1.1 endpoint, pages for people and data for programs, over one graph folder.

Whatever reads or writes the graph runs in worker processes (`worker`), which `pool` starts, bounds and ends; the
process that listens (`app`) never opens a store.
"""
