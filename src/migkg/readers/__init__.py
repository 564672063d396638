"""The readers of `articles.SOURCES`: bytes → what an article's source says, one module a format.

A reader is a generator function from `Raw` to `Parts`, one for each article that the bytes hold. Heavy libraries are
imported inside the readers that need them.
"""
