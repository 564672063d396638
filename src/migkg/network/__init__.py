"""Networks out of the graph: projections that are declared as data, measures, and files for other programs."""

from migkg.network.formats import NETWORK_FORMATS, NetworkFormat
from migkg.network.links import Selection, selection
from migkg.network.measures import Measured, definitions, measured, measures_table, network_measures, node_measures
from migkg.network.projection import Declaration, networks, project

__all__ = [
    "NETWORK_FORMATS", "Declaration", "Measured", "NetworkFormat", "Selection", "definitions", "measured",
    "measures_table", "network_measures", "networks", "node_measures", "project", "selection",
]  # fmt: skip
