"""Support programmes, the programme's story, and the printed tables with what does not add up in them."""

from .programme import ClusterProgramme, Organisation, ProgrammeEvent, ProgrammePassage
from .support import SupportProgram
from .tables import (
    CLUSTER_PROGRAMMES,
    LOCATION_POLICY,
    Discrepancy,
    PrintedTable,
    TableColumn,
    TableRelation,
    TableRow,
    TableValue,
)

__all__ = [
    "CLUSTER_PROGRAMMES",
    "LOCATION_POLICY",
    "ClusterProgramme",
    "Discrepancy",
    "Organisation",
    "PrintedTable",
    "ProgrammeEvent",
    "ProgrammePassage",
    "SupportProgram",
    "TableColumn",
    "TableRelation",
    "TableRow",
    "TableValue",
]
