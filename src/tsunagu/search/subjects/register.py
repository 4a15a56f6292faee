"""Labs, organisations, rounds and policies."""

from collections.abc import Collection, Iterable, Iterator

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tsunagu.engines.textsearch.contract import Document
from tsunagu.registry.kinds import Scheme
from tsunagu.registry.models import Designation, Lab, MemberOrg, Organisation, Policy, Round
from tsunagu.search.audiences import PUBLIC_ONLY
from tsunagu.search.subjects.base import key_of, numbers_of, text
from tsunagu.sharing.viewer import Viewer


def place_of(lab: Lab) -> dict[str, list[str]]:
    """The facets every record of a lab has."""
    region = lab.region
    place = {"bureau": [region.bureau.code]}
    return place | ({"prefecture": [region.prefecture.name]} if region.prefecture else {})


class Labs:
    """The labs of both schemes, the ended ones included: the register is public."""

    kind = "lab"
    label = gettext_lazy("ラボ")

    def numbers(self) -> Iterable[int]:
        return Lab.objects.values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        found = Lab.objects.filter(pk__in=numbers).select_related(
            "region__bureau", "region__prefecture", "region__local_government"
        )
        found = found.prefetch_related(
            Prefetch("members", MemberOrg.objects.select_related("organisation")),
            Prefetch("designations", Designation.objects.select_related("round")),
            "region__members",
        )
        for lab in found:
            yield Document(
                key=key_of(self.kind, lab.pk),
                kind=self.kind,
                title=str(lab),
                body=_about(lab),
                audiences=PUBLIC_ONLY,
                facets=place_of(lab) | {"scheme": sorted({one.scheme for one in lab.designations.all()})},
                payload={"url": reverse("portal:lab", args=[lab.slug])},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(Lab.objects.filter(pk__in=numbers))


def _about(lab: Lab) -> str:
    region = lab.region
    rounds = [
        f"{Scheme(one.scheme).label} {one.round.label if one.round else ''}".strip()
        for one in lab.designations.all()
    ]
    own = [region.local_government] if region.local_government else []
    covered = "、".join(f"{one.name}（{one.kana}）" for one in [*own, *region.members.all()])
    members = "、".join(one.organisation.name for one in lab.members.all())
    return text(
        lab.summary,
        f"{region.bureau.name} {region.prefecture.name if region.prefecture else ''} {region.name}",
        covered,
        "、".join(rounds),
        _("構成員: %(names)s") % {"names": members} if members else "",
        lab.name_en,
        region.name_en,
    )


class Organisations:
    """Organisations that are members of a lab, which is public; found under the lab they are members of."""

    kind = "organisation"
    label = gettext_lazy("組織")

    def numbers(self) -> Iterable[int]:
        return MemberOrg.objects.values_list("organisation_id", flat=True).distinct()

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        found = Organisation.objects.filter(pk__in=numbers, merged_into=None).prefetch_related(
            Prefetch(
                "memberships",
                MemberOrg.objects.select_related("lab__region__bureau", "lab__region__prefecture"),
            )
        )
        for one in found:
            if not (memberships := list(one.memberships.all())):
                continue
            first = memberships[0].lab
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=one.name,
                body=text(
                    one.get_kind_display(),
                    _("参加しているラボ: %(names)s")
                    % {"names": "、".join(str(each.lab) for each in memberships)},
                    one.corporate_number,
                ),
                audiences=PUBLIC_ONLY,
                facets=place_of(first),
                payload={"url": reverse("portal:lab", args=[first.slug]), "where": str(first)},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        found = MemberOrg.objects.filter(organisation__in=numbers, organisation__merged_into=None)
        return set(found.order_by().values_list("organisation_id", flat=True))


class Rounds:
    """The rounds of selection."""

    kind = "round"
    label = gettext_lazy("選定の弾")

    def numbers(self) -> Iterable[int]:
        return Round.objects.values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        for one in Round.objects.filter(pk__in=numbers):
            day = one.selected_on.earliest if one.selected_on else None
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=str(one),
                body=text(one.source),
                audiences=PUBLIC_ONLY,
                facets={"year": [str(day.year)]} if day else {},
                day=day.toordinal() if day else 0,
                payload={"url": reverse("portal:round", args=[one.key])},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(Round.objects.filter(pk__in=numbers))


class Policies:
    """The policies labs may use."""

    kind = "policy"
    label = gettext_lazy("施策")

    def numbers(self) -> Iterable[int]:
        return Policy.objects.values_list("pk", flat=True)

    def documents(self, numbers: Collection[int]) -> Iterator[Document]:
        for one in Policy.objects.filter(pk__in=numbers):
            yield Document(
                key=key_of(self.kind, one.pk),
                kind=self.kind,
                title=one.name,
                body=text(one.note, one.owner),
                audiences=PUBLIC_ONLY,
                payload={"url": f"{reverse('portal:policies')}#{one.code}"},
            )

    def visible(self, numbers: Collection[int], viewer: Viewer) -> set[int]:
        return numbers_of(Policy.objects.filter(pk__in=numbers))
