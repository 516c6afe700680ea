"""Sectors and what is told of them, mini clusters in three editions, other clusters, and success stories."""

from .mini_clusters import MiniCluster
from .named_clusters import NamedCluster
from .sectors import NaceDivision, Sector, SectorPassage
from .stories import StoryActor, StoryFigure, SuccessStory

__all__ = [
    "MiniCluster",
    "NaceDivision",
    "NamedCluster",
    "Sector",
    "SectorPassage",
    "StoryActor",
    "StoryFigure",
    "SuccessStory",
]
