"""Mappings over web services: the same two questions, whose steps are sent to a REST or FHIR interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from mash_trawl.model.mapping import FetchStep, FindStep, MappingFile
from mash_trawl.model.mapping_web import PagesMap, WebStep
from mash_trawl.sources.kinds import FhirConnector, HttpConnector
from mash_trawl.transports.door import Door


class MappedHttp(HttpConnector):
    """A REST interface as a mapping sees it."""

    @contextmanager
    def session(self, door: Door) -> Iterator[Any]:
        """A session that takes the steps of a mapping."""
        from mash_trawl.transports.web_steps import HttpSteps

        with super().session(door) as http:
            yield HttpSteps(door, http)


class MappedFhir(FhirConnector):
    """A FHIR interface as a mapping sees it."""

    @contextmanager
    def session(self, door: Door) -> Iterator[Any]:
        """A session that takes the steps of a mapping."""
        from mash_trawl.transports.web_steps import FhirSteps

        with super().session(door) as fhir:
            yield FhirSteps(door, fhir)


def web_step(mapping: MappingFile, step: FindStep | FetchStep, formats: Mapping[str, str]) -> WebStep | None:
    """The step as it is sent; None if it is for a table."""
    if step.resource is not None:
        return WebStep(resource=step.resource, search=step.search, fixed=step.fixed, formats=formats)
    if step.path is None:
        return None
    posts = isinstance(step, FindStep) or bool(step.body)
    return WebStep(
        path=step.path,
        body=step.body if posts else None,
        params=step.params,
        fixed=step.fixed,
        pages=_pages(mapping, step),
        formats=formats,
    )


def _pages(mapping: MappingFile, step: FindStep | FetchStep) -> PagesMap | None:
    """How the step's list is paged: as it says, else as the mapping says; `items` of the step counts."""
    pages = step.pages or mapping.pages
    return replace(pages, items=step.items) if pages is not None and step.items is not None else pages
