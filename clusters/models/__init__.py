"""Sectors and their families, mini clusters by edition and their lineage, other clusters, success stories."""

from .editions import Edition
from .lineage import Continuation
from .mini_clusters import MiniCluster
from .named_clusters import NamedCluster
from .sectors import Family, NaceDivision, Sector, SectorPassage
from .stories import StoryActor, StoryFigure, SuccessStory

__all__ = [
    "Continuation",
    "Edition",
    "Family",
    "MiniCluster",
    "NaceDivision",
    "NamedCluster",
    "Sector",
    "SectorPassage",
    "StoryActor",
    "StoryFigure",
    "SuccessStory",
]
