"""Reading experts and requests: the directory for everybody, requests for their lab, the secretariat and the expert asked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.engines.dates import fiscal_year_range
from tsunagu.experts.knowing import able, asked
from tsunagu.experts.models import (
    BriefEdit,
    DispatchRequest,
    DispatchRules,
    Expert,
    ForWhom,
    Offer,
    RequestState,
    Theme,
)
from tsunagu.experts.rules import CAPITAL, Able, Fit, shortlist
from tsunagu.questionnaires.comparing import Piece, pieces
from tsunagu.registry.models import Lab
from tsunagu.registry.selectors import tended_labs
from tsunagu.sharing.viewer import Viewer

WITH = ("person", "home")
MANY = ("themes", "industries", "areas", "conflicts")


def themes() -> QuerySet[Theme]:
    return Theme.objects.all()


def rules() -> DispatchRules:
    """What the secretariat set; the defaults until then."""
    return DispatchRules.objects.first() or DispatchRules()


def listed() -> QuerySet[Expert]:
    """Experts who are in the directory: they said so, confirmed it, and may still sign in."""
    return (
        Expert.objects.filter(is_listed=True, person__is_active=True)
        .exclude(confirmed_on=None)
        .select_related(*WITH)
        .prefetch_related(*MANY)
    )


def own(viewer: Viewer) -> Expert | None:
    """One's own entry."""
    return Expert.objects.filter(person_id=viewer.signed_in_id).first() if viewer.is_signed_in else None


def requests(viewer: Viewer) -> QuerySet[DispatchRequest]:
    """Requests of the labs whose office one is; what was sent to them for the secretariat and a lab's bureau."""
    found = DispatchRequest.objects.select_related("lab__region__bureau", "theme", "industry")
    own_ones = Q(lab_id__in=viewer.office_lab_ids)
    if viewer.is_secretariat:
        return found.filter(own_ones | ~Q(state=RequestState.DRAFT))
    if viewer.is_staff:
        return found.filter(lab__region__bureau__code__in=viewer.bureau_codes).exclude(
            state=RequestState.DRAFT
        )
    return found.filter(own_ones)


def waiting(viewer: Viewer) -> QuerySet[DispatchRequest]:
    """What the secretariat has to do something about."""
    open_states = [RequestState.SENT, RequestState.READY, RequestState.OFFERED]
    found = (
        requests(viewer).filter(state__in=open_states)
        if viewer.is_secretariat
        else DispatchRequest.objects.none()
    )
    return found.order_by("sent_at", "pk")


def offers(viewer: Viewer) -> QuerySet[Offer]:
    """Offers one may see: of one's labs' requests, those made to oneself, all for the secretariat."""
    found = Offer.objects.select_related(
        "request__lab__region", "request__theme", "expert__person", "expert__home"
    )
    if viewer.is_secretariat:
        return found
    if viewer.person_id is None:
        return found.none()
    mine = Q(expert__person_id=viewer.person_id)
    return found.filter(mine | Q(request__lab_id__in=viewer.office_lab_ids))


def side_of(viewer: Viewer, offer: Offer) -> str:
    """'expert', 'lab' or '': whose answer the viewer gives."""
    if offer.expert.person_id == viewer.person_id:
        return "expert"
    return "lab" if offer.request.lab_id in viewer.office_lab_ids else ""


def tended(viewer: Viewer) -> QuerySet[Lab]:
    """Labs one may ask for an expert for."""
    return tended_labs(viewer).filter(pk__in=viewer.office_lab_ids)


def candidates(request: DispatchRequest, most: int = 8) -> list[tuple[Expert, Fit]]:
    """The shortlist for a request, with reasons, load, travel and what is missing."""
    full = (
        DispatchRequest.objects.filter(pk=request.pk)
        .select_related("lab__region__local_government", "lab__region__prefecture", "theme", "industry")
        .prefetch_related("lab__members__organisation", "offers")
    )
    found = asked(full)
    if not found:
        return []
    experts = {one.pk: one for one in listed()}
    ranked: list[tuple[Able, Fit]] = shortlist(able(experts.values(), month=found[0].month), found[0], most)
    return [(experts[one.key], its) for one, its in ranked]


@dataclass(frozen=True)
class Spread:
    """How dispatches of a fiscal year spread: who is chosen how often, the capital's share, labs without any."""

    year: int
    dispatches: int
    by_expert: Sequence[tuple[Expert, int]]
    never: Sequence[Expert]
    capital: int
    labs_without: Sequence[Lab]

    @property
    def capital_percent(self) -> int | None:
        """The share of dispatches by experts of the capital region."""
        return round(100 * self.capital / self.dispatches) if self.dispatches else None


def spread(year: int, *, as_of: date) -> Spread:
    """The fiscal year's agreed dispatches up to a day."""
    first, last = fiscal_year_range(year)
    agreed = Offer.objects.filter(
        agreed_at__date__range=(first, min(last, as_of)),
    ).exclude(request__state=RequestState.WITHDRAWN)
    counts: Counter[int] = Counter()
    capital, labs = 0, set()
    for expert, home, lab in agreed.values_list("expert_id", "expert__home_id", "request__lab_id"):
        counts[expert] += 1
        capital += home in CAPITAL
        labs.add(lab)
    experts = list(listed())
    chosen = sorted((one for one in experts if counts[one.pk]), key=lambda one: (-counts[one.pk], str(one)))
    return Spread(
        year,
        sum(counts.values()),
        [(one, counts[one.pk]) for one in chosen],
        [one for one in experts if not counts[one.pk]],
        capital,
        list(_dx_labs().exclude(pk__in=labs)),
    )


def _dx_labs() -> QuerySet[Lab]:
    """Labs under the present scheme."""
    return (
        Lab.objects.filter(designations__scheme="dx")
        .select_related("region__bureau", "region__prefecture")
        .annotate(n=Count("pk"))
        .order_by("region__bureau__position", "slug")
    )


def problems(request: DispatchRequest) -> list[str]:
    """What is missing before a request can be sent."""
    today = timezone.localdate()
    wanted = {
        _("相談の題名を入れてください。"): request.title.strip(),
        _("会社の名前を入れてください。ラボ自身の相談なら、「ラボ自身」を選んでください。"): (
            request.for_whom == ForWhom.LAB or request.company.strip()
        ),
        _("テーマを選んでください。"): request.theme_id,
        _("いまの状況を書いてください。"): request.situation.strip(),
        _("どうなったらよいかを書いてください。"): request.goal.strip(),
        _("来てほしい月を選んでください。"): request.month,
        _("候補の日がすべて過ぎています。新しい日にするか、消してください。"): (
            not request.days or max(request.days) >= today
        ),
    }
    return [text for text, there in wanted.items() if not there]


@dataclass(frozen=True)
class Edited:
    """One side's change of the words, with what came and what went."""

    edit: BriefEdit
    parts: Sequence[tuple[str, Sequence[Piece]]]


def edits(request: DispatchRequest) -> list[Edited]:
    """How the words were written together, the newest change first."""
    return [
        Edited(one, [(label, list(pieces(old, new))) for label, (old, new) in one.words.items()])
        for one in request.edits.select_related("made_by")[:30]
    ]
