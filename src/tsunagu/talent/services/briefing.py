"""A company and a coordinator write a brief together; it is published when both said yes to the same words."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tsunagu.accounts.services import invite_person
from tsunagu.registry.codes import natural_key
from tsunagu.registry.kinds import OrganisationKind
from tsunagu.registry.models import Organisation
from tsunagu.registry.numbering import next_number
from tsunagu.registry.services import save_organisation, save_record
from tsunagu.sharing.viewer import Role
from tsunagu.talent import telling
from tsunagu.talent.models import Brief, BriefState, Company, Skill, Step, TeamState
from tsunagu.talent.rules import NotAllowed, words_digest

WORDS = ("title", "gist", "situation", "goal", "secrets", "hours", "smallest", "largest", "mode")
WRITING = (Step.OPEN, Step.PAIRING, Step.RUNNING)


def words_of(brief: Brief) -> dict[str, object]:
    """The words both say yes to."""
    needs = sorted(one.code for one in brief.needs.all())
    return {name: getattr(brief, name) for name in WORDS} | {"needs": needs}


def digest_of(brief: Brief) -> str:
    return words_digest(words_of(brief))


def lacks(brief: Brief) -> list[str]:
    """What a brief still lacks before anybody can say yes to it."""
    wanted = {
        _("題名を書いてください。"): brief.title.strip(),
        _("ひとことの説明を書いてください。"): brief.gist.strip(),
        _("いまの状況を書いてください。"): brief.situation.strip(),
        _("終わったときにできていることを書いてください。"): brief.goal.strip(),
        _("要る技能を選んでください。"): brief.pk and brief.needs.exists(),
    }
    named = brief.company.name.strip()
    found = [text for text, there in wanted.items() if not there]
    if named and any(named in getattr(brief, name) for name in ("title", "gist", "situation", "goal")):
        found.append(
            _("会社の名前が入っています。名前は、両方が同意するまで出ません。ほかの書き方にしてください。")
        )
    return found


def _locked(brief: Brief) -> Brief:
    found = Brief.objects.select_for_update(of=("self",)).select_related("edition", "company__contact")
    return found.get(pk=brief.pk)


@transaction.atomic
def keep_brief(brief: Brief, *, needs: Iterable[Skill], side: str, seen: int | None = None) -> Brief:
    """Store what one of the two wrote; changed words need both to say yes again. Raises `EditConflict`, `NotAllowed`."""
    is_new = brief.pk is None
    if is_new:
        brief.number = next_number(Brief, "CL-")
    else:
        known = _locked(brief)
        if known.state == BriefState.WITHDRAWN or known.edition.step not in WRITING:
            raise NotAllowed(_("この相談書は、もう直せません。"))
        if known.teams.filter(state__in=[TeamState.PROPOSED, TeamState.RUNNING]).exists():
            raise NotAllowed(_("チームができているので直せません。コーディネーターに相談してください。"))
        # What is stored, not what this browser saw before: a yes must not come back.
        brief.company_ok, brief.coordinator_ok, brief.published_at = (
            known.company_ok,
            known.coordinator_ok,
            known.published_at,
        )
        brief.state = known.state
    save_record(brief, seen=seen)
    brief.needs.set(needs)
    _forget_old_yes(brief)
    if not is_new:
        telling.tell_other_writer(
            brief,
            side,
            _("相談書「%(title)s」が書き直されました。確かめてください。") % {"title": brief.title},
        )
    return brief


def _forget_old_yes(brief: Brief) -> None:
    """A yes to other words is none."""
    now = digest_of(brief)
    company = brief.company_ok if brief.company_ok == now else ""
    coordinator = brief.coordinator_ok if brief.coordinator_ok == now else ""
    if (company, coordinator) == (brief.company_ok, brief.coordinator_ok):
        return
    brief.company_ok, brief.coordinator_ok = company, coordinator
    brief.state, brief.published_at = BriefState.WRITING, None
    brief.save(update_fields=["company_ok", "coordinator_ok", "state", "published_at"])


@transaction.atomic
def say_yes(*, brief: Brief, side: str, seen: str) -> Brief:
    """One of the two writers says yes to the words before them (`seen`: their hash); with both they are published.

    Raises `NotAllowed` when something is missing, or the words changed since.
    """
    one = _locked(brief)
    if one.state != BriefState.WRITING:
        raise NotAllowed(_("いっしょに書いている相談書ではありません。"))
    if missing := lacks(one):
        raise NotAllowed("".join(missing))
    now = digest_of(one)
    if now != seen:
        raise NotAllowed(_("見ているあいだに書き直されました。もう一度読んでから押してください。"))
    if side == "company":
        one.company_ok = now
    else:
        one.coordinator_ok = now
    if one.company_ok == one.coordinator_ok:
        one.state, one.published_at = BriefState.PUBLISHED, timezone.now()
        _make_known(one.company)
    one.save(update_fields=["company_ok", "coordinator_ok", "state", "published_at"])
    said = (
        _("相談書「%(title)s」を公開しました。")
        if one.state == BriefState.PUBLISHED
        else _("相談書「%(title)s」を確かめてください。")
    )
    telling.tell_other_writer(one, side, said % {"title": one.title})
    return one


def _make_known(company: Company) -> None:
    """The company is a body of the registry, once; its contact has the role of a company."""
    if company.organisation is None:
        key = natural_key(
            corporate_number=company.corporate_number,
            name=company.name,
            prefecture_code=company.prefecture_id,
        )
        known = Organisation.objects.filter(natural_key=key).first()
        if known is not None and known.merged_into is not None:
            known = known.merged_into
        company.organisation = known or save_organisation(
            Organisation(
                name=company.name, corporate_number=company.corporate_number, prefecture_id=company.prefecture_id,
                kind=OrganisationKind.COMPANY, source=str(_("ふるさとCo-LEADへの登録")),
            )
        )  # fmt: skip
        company.save(update_fields=["organisation"])
    invite_person(
        email=company.contact.email,
        name=company.contact.name,
        role=Role.COMPANY,
        organisation=company.organisation,
    )


@transaction.atomic
def withdraw_brief(*, brief: Brief) -> None:
    """The company takes it back. Raises `NotAllowed` while a team works on it."""
    one = _locked(brief)
    if one.teams.filter(state__in=[TeamState.PROPOSED, TeamState.RUNNING]).exists():
        raise NotAllowed(_("チームができています。コーディネーターに相談してください。"))
    one.state, one.published_at = BriefState.WITHDRAWN, None
    one.save(update_fields=["state", "published_at"])
    one.interests.update(company_at=None, opened_at=None)
