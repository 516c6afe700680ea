"""Filtersets, by the stem of their list, as the tests ask them."""

from django.http import QueryDict

from clusters.filters import MiniClusterFilterSet, NamedClusterFilterSet, SuccessStoryFilterSet
from complexes.filters import IndustrialComplexFilterSet
from support_programs.finder.filters import SupportProgramFilterSet
from support_programs.programme.filters import ClusterProgrammeFilterSet, OrganisationFilterSet
from support_programs.tables.filters import PrintedTableFilterSet

FILTERSETS = {
    "clusters": MiniClusterFilterSet,
    "complexes": IndustrialComplexFilterSet,
    "support": SupportProgramFilterSet,
    "stories": SuccessStoryFilterSet,
    "other-clusters": NamedClusterFilterSet,
    "programme/cluster-programmes": ClusterProgrammeFilterSet,
    "organisations": OrganisationFilterSet,
    "statistics": PrintedTableFilterSet,
}


def filterset(stem, query):
    filterset_class = FILTERSETS[stem]
    return filterset_class(QueryDict(query), queryset=filterset_class._meta.model.objects.listed())


def slugs(stem, query):
    asked = filterset(stem, query)
    assert asked.is_valid(), asked.errors
    return [record.slug for record in asked.qs]
