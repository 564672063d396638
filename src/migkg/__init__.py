"""migkg turns news on migration governance into a knowledge graph with a quotation behind every fact."""

__version__ = "0.1.0"
