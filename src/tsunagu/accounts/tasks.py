"""What a person has begun and not finished. Rooms above add their own sources; a successor takes all of it over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.registry.models import ImportBatch
from tsunagu.registry.models.imports import ImportState


@dataclass(frozen=True)
class OpenTask:
    """One thing that waits for a person: what, where, and how somebody else becomes its owner."""

    title: str
    address: str
    pass_on: Callable[[Person], None]


def _imports(person: Person) -> Iterable[OpenTask]:
    for batch in ImportBatch.objects.filter(uploaded_by=person, state=ImportState.CHECKED).defer("content"):

        def pass_on(successor: Person, batch: ImportBatch = batch) -> None:
            ImportBatch.objects.filter(pk=batch.pk).update(uploaded_by=successor)

        title = _("確認済みで、まだ反映していない取込: %(name)s") % {"name": batch.file_name}
        yield OpenTask(title, reverse("office:import", args=[batch.pk]), pass_on)


SOURCES: list[Callable[[Person], Iterable[OpenTask]]] = [_imports]


def open_tasks(person: Person) -> list[OpenTask]:
    """Everything that waits for a person."""
    return [task for source in SOURCES for task in source(person)]
