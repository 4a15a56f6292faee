"""Running an edition from the call to the final report."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.models import Person
from tsunagu.registry.services import save_record
from tsunagu.talent.models import Consent, Edition, Step, TeamState
from tsunagu.talent.rules import NotAllowed, keep_until

NEXT = {
    Step.DRAFT: (Step.OPEN,),
    Step.OPEN: (Step.PAIRING,),
    Step.PAIRING: (Step.OPEN, Step.RUNNING),
    Step.RUNNING: (Step.PAIRING, Step.REPORTED),
    Step.REPORTED: (Step.RUNNING,),
}


def locked(edition: Edition) -> Edition:
    """The edition, held until the transaction ends."""
    return Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)


@transaction.atomic
def keep_edition(
    edition: Edition, *, coordinators: Iterable[Person] | None = None, seen: int | None = None
) -> Edition:
    """Store what the secretariat wrote. The seed stays once something was matched with it. Raises `EditConflict`, `NotAllowed`."""
    if edition.pk is not None:
        known = locked(edition)
        edition.step = known.step
        if known.seed != edition.seed and known.runs.exists():
            raise NotAllowed(_("くじの種は、組み合わせを計算したあとは変えられません。"))
    save_record(edition, seen=seen)
    if coordinators is not None:
        edition.coordinators.set(coordinators)
    _follow_days(edition)
    return edition


def _follow_days(edition: Edition) -> None:
    """How long data may be kept follows the day of the final report."""
    for one in Consent.objects.filter(edition=edition):
        until = keep_until(
            agreed_on=timezone.localdate(one.agreed_at),
            reports_on=edition.reports_on,
            keep_months=edition.keep_months,
        )
        if until < one.keep_until:
            # Never longer than was agreed to; shorter at once.
            Consent.objects.filter(pk=one.pk).update(keep_until=until)


def lacks(edition: Edition, to: str) -> list[str]:
    """What an edition still lacks before it can go on to a step."""
    wanted: dict[str, object]
    if to == Step.OPEN:
        wanted = {
            _("募集の内容を書いてください。"): edition.summary.strip(),
            _("募集の始まりと終わりの日を入れてください。"): edition.opens_on and edition.closes_on,
            _("個人情報を使う目的を書いてください。"): edition.purpose.strip(),
        }
    elif to == Step.PAIRING:
        wanted = {
            _(
                "くじの種を決めて公開してください。同じ合い具合のとき、これで決まります。"
            ): edition.seed.strip()
        }
    elif to == Step.RUNNING:
        wanted = {
            _("伴走の始まりと最終報告会の日を入れてください。"): edition.starts_on and edition.reports_on,
            _("全員が参加すると答えたチームが、まだありません。"): edition.teams.exclude(
                agreed_at=None
            ).exists(),
        }
    elif to == Step.REPORTED:
        left = edition.teams.filter(state=TeamState.RUNNING).count()
        wanted = {
            _("最終報告のことばを書いてください。"): edition.report.strip(),
            _(
                "まだ終わっていないチームが%(n)dつあります。成果を書いて終えるか、途中でやめた理由を書いてください。"
            )
            % {"n": left}: not left,
        }
    else:
        wanted = {}
    return [text for text, there in wanted.items() if not there]


@transaction.atomic
def go_on(*, edition: Edition, to: str) -> Edition:
    """Take an edition to its next step, or one back. Raises `NotAllowed` with all that is missing."""
    one = locked(edition)
    if to not in NEXT.get(Step(one.step), ()):
        raise NotAllowed(_("「%(now)s」の回は、その段階へ進められません。") % {"now": one.get_step_display()})
    if missing := lacks(one, to):
        raise NotAllowed("".join(missing))
    one.step = to
    one.reported_at = timezone.now() if to == Step.REPORTED else None
    one.save(update_fields=["step", "reported_at"])
    return one
