"""Experts of the directory: what their public page says, and nothing else."""

from collections.abc import Collection, Iterable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.engines.textsearch.contract import Document
from tsunagu.experts.models import Expert
from tsunagu.experts.selectors import listed
from tsunagu.search.audiences import PUBLIC_ONLY
from tsunagu.search.subjects.base import key_of, numbers_of, text
from tsunagu.sharing.viewer import Viewer


class Experts:
    """Those who are listed: they said so, confirmed it, and may still sign in. Conflicts and addresses are not in the index."""

    kind = "expert"
    label = gettext_lazy("専門家")

    def numbers(self) -> Iterable[int]:
        return listed().values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        for one in listed().filter(pk__in=numbers):
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=str(one),
                body=_about(one),
                audiences=PUBLIC_ONLY,
                facets={
                    "prefecture": [one.home.name],
                    "industry": [each.code for each in one.industries.all()],
                },
                payload={"url": reverse("experts:expert", args=[one.pk]), "where": one.home.name},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(listed().filter(pk__in=numbers))


def _about(one: Expert) -> str:
    areas = "、".join(each.name for each in one.areas.all())
    return text(
        one.headline, "、".join(each.name for each in one.themes.all()), one.about, one.affiliation, one.home.name,
        _("訪問できる都道府県: %(names)s") % {"names": areas} if areas else "",
        "、".join(each.name for each in one.industries.all()), one.sells,
    )  # fmt: skip
