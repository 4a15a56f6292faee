"""What the walk walks through: people of every role, and records of one's own, a neighbour's and somebody far away."""

import contextlib
import copy
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from tests.sharing import (
    api_world,
    cases_world,
    experts_world,
    recommending_world,
    reporting_world,
    reviewing_world,
    selection_world,
    surveys_world,
    talent_world,
)

from tsunagu.sharing.policy import RecordAudience

# 佐賀県 and 鹿児島県 in Kyushu's block, 長岡市 in Kanto's.
LABS = {"own": "410004", "near": "460001", "far": "152021"}
BUREAU_OF = {"own": "kyushu", "near": "kyushu", "far": "kanto"}
READING = ("get", "htmx_get")


@dataclass(frozen=True)
class Someone:
    """A viewer as the rules know them; what they may see is worked out from this alone, not from the product."""

    label: str
    role: str = ""
    lab: str = ""
    bureau: str = ""
    works: bool = True
    looked_at_by_secretariat: bool = False

    @property
    def is_signed_in(self) -> bool:
        return bool(self.role) and self.label != "suspended"

    @property
    def held(self) -> str:
        """The role that counts today; none for those whose role is over or rests."""
        return self.role if self.works else ""

    @property
    def is_secretariat(self) -> bool:
        return self.held in {"meti", "ipa"}

    @property
    def is_staff(self) -> bool:
        return self.held in {"meti", "ipa", "bureau"}

    @property
    def in_circle(self) -> bool:
        return self.held in {"meti", "ipa", "bureau", "lab_office", "lab_member", "expert", "support_org"}

    @property
    def block(self) -> str:
        """The bureau in whose block they work."""
        return (self.bureau or BUREAU_OF.get(self.lab, "")) if self.works else ""

    def is_party(self, lab: str) -> bool:
        """Works for the lab, or for the bureau in charge of it."""
        if not self.works:
            return False
        return self.lab == lab or (self.held == "bureau" and BUREAU_OF[lab] == self.bureau)


PEOPLE = (
    Someone("public"),
    Someone("meti", "meti"),
    Someone("ipa", "ipa"),
    Someone("bureau", "bureau", bureau="kyushu"),
    Someone("other bureau", "bureau", bureau="kanto"),
    Someone("lab office", "lab_office", lab="own"),
    Someone("near lab office", "lab_office", lab="near"),
    Someone("far lab office", "lab_office", lab="far"),
    Someone("lab member", "lab_member", lab="own"),
    Someone("reviewer", "reviewer"),
    Someone("expert", "expert"),
    Someone("support org", "support_org"),
    Someone("company", "company"),
    Someone("talent", "talent"),
    Someone("former", "ipa", works=False),
    Someone("unconfirmed", "ipa", works=False),
    Someone("suspended", "ipa", works=False),
    Someone("looked at", "lab_office", lab="near", looked_at_by_secretariat=True),
)

WITHOUT_PLACE = [one for one in PEOPLE if one.is_signed_in and not (one.works and (one.lab or one.bureau))]


def places(someone: Someone) -> tuple[str, ...]:
    """Whose objects somebody asks for: everybody's; but of those who are signed in and to whom no lab is near or far, all
    are the same, and each of them takes one."""
    everybodys = tuple(LABS)
    if someone not in WITHOUT_PLACE:
        return everybodys
    return (everybodys[WITHOUT_PLACE.index(someone) % len(LABS)],)


def sees(someone: Someone, audience: str, lab: str) -> bool:
    """Who is in the audience of a lab's record: the sharing rules, said a second time and independently."""
    if audience == RecordAudience.PUBLIC or someone.is_secretariat:
        return True
    if audience == RecordAudience.LABS:
        return someone.in_circle
    if audience == RecordAudience.REGION:
        return (someone.in_circle and someone.block == BUREAU_OF[lab]) or someone.is_party(lab)
    if audience == RecordAudience.PARTIES:
        return someone.is_party(lab)
    return someone.held == "bureau" and BUREAU_OF[lab] == someone.bureau


@dataclass(frozen=True)
class Secret:
    """A text that only some may see, and how to put another in its place."""

    text: str
    seen_by: Callable[[Someone], bool]
    change: Callable[[str], Any]


@dataclass
class World:
    """Everything made for the walk."""

    clients: dict[str, Client] = field(default_factory=dict)
    secrets: list[Secret] = field(default_factory=list)
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)


def routes(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its full name."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from routes(one.url_patterns, inner)
        else:
            yield f"{namespace}{one.name}", one


ALL_ROUTES = dict(routes())

# Whose an object is decides here; every route with a part in its address must be named in one of these.
OF_A_LAB = {
    "office:lab": "slug", "office:edit_lab": "slug", "office:new_designation": "slug", "office:new_member": "slug",
    "office:tie": "slug", "office:lab_changes": "slug", "office:edit_designation": "designation",
    "office:new_event": "designation", "office:void_event": "event", "office:edit_member": "member",
}  # fmt: skip
TENDED = {
    "office:new_contact": "slug",
    "office:edit_contact": "contact",
    "office:remove_contact": "contact",
    "office:new_document": "slug",
    "office:edit_document": "document",
    "office:remove_document": "document",
}
OF_A_LAB |= {"issuing:certificate": "certificate"}
TENDED |= {
    "issuing:file": "certificate", "marks:lab": "slug", "marks:accept": "slug", "marks:lab_kit_file": "mark_kit",
    "marks:new_use": "slug", "marks:edit_use": "mark_use", "marks:use_photo": "mark_use", "marks:check_use": "mark_use",
}  # fmt: skip
ROLES_HELD = {
    "people:confirm": "membership", "people:end": "membership", "people:hand_over": "membership",
    "people:begin_view_as": "membership",
}  # fmt: skip
FILES = {"office:document_file": "document"}
# One's own sessions and passkeys: what the walk names is nobody's here.
NOBODYS = {
    "accounts:end_session": "nobodys",
    "mfa_edit_webauthn": "nobodys",
    "mfa_remove_webauthn": "nobodys",
    "search:change": "saved_search",
}
# Opened by a token or a state of one's own, which nobody in the walk has.
MAILS = {
    "outbox:mail": "mail", "outbox:edit": "mail", "outbox:hold": "mail", "outbox:release": "mail",
    "outbox:discard": "mail", "outbox:retry": "dead_mail",
}  # fmt: skip
NEEDS_MORE_THAN_A_ROLE = {
    *reviewing_world.NO_SEAT,
    *recommending_world.NO_LINK,
    *api_world.UNKNOWN,
    "machines:metrics",
    "openid_connect_login",
    "openid_connect_callback",
}
FOR_THE_WHOLE_AUDIENCE = {
    "office:contacts": "slug", "office:documents": "slug", "portal:lab": "slug", "portal:lab_activities": "slug", "office:organisation": "organisation",
    "office:edit_organisation": "organisation", "office:organisation_changes": "organisation",
    "office:edit_round": "round", "office:import": "batch", "office:apply_import": "batch",
    "office:import_errors": "batch", "findings:finding": "finding", "findings:reopen": "settled",
    "office:merge": "merge", "portal:bureau": "bureau", "portal:round": "round_key", "figures:figure": "figure",
    "office:organisations_file": "kind", "portal:labs_file": "kind", "figures:file": "kind",
    "findings:file": "kind", "accounts:use_link": "token", "accounts:confirm_email": "token",
    "openid_connect_login": "provider", "openid_connect_callback": "provider",
}  # fmt: skip

FOR_THE_WHOLE_AUDIENCE |= {
    "issuing:round": "round", "issuing:run": "issue_run", "issuing:run_again": "issue_run", "issuing:run_pdf": "issue_run",
    "issuing:run_zip": "issue_run", "issuing:wording": "scheme", "issuing:preview": "scheme",
    "issuing:reissue": "certificate", "issuing:revoke": "certificate", "marks:kit_file": "kit_file",
    "marks:withdraw": "designation", "marks:void_withdrawal": "withdrawal", "certificates:check": "code",
    "certificates:json": "code", "certificates:jws": "code",
    "search_office:synonym": "synonym", "search_office:synonym_delete": "synonym",
}  # fmt: skip


def object_rule(route: str) -> tuple[str, str] | None:
    """(rule, which key) for a route whose address names an object; None for one that does not."""
    for rule, named in (
        ("lab", OF_A_LAB),
        ("tended", TENDED),
        ("role", ROLES_HELD),
        ("nobody", NOBODYS),
        ("any", MAILS),
        ("file", FILES),
        ("draft", selection_world.DRAFTS),
        ("draft", selection_world.SENT_BY_ONESELF),
        ("lab", selection_world.SENT),
        ("any", selection_world.FOR_ALL),
        ("nobody", selection_world.ASKED_OF_SOMEBODY_ELSE),
        ("any", reviewing_world.FOR_SECRETARIAT),
        ("lab", reviewing_world.ON_THE_WAY),
        ("nobody", reviewing_world.SOMEBODY_ELSES),
        ("tended", reporting_world.TENDED),
        ("lab", reporting_world.OF_A_LAB),
        ("draft", reporting_world.OFFICES_OWN),
        ("any", reporting_world.FOR_ALL),
        ("any", surveys_world.FOR_SECRETARIAT),
        ("draft", surveys_world.OF_THE_OFFICE),
        ("tended", recommending_world.READ),
        ("draft", recommending_world.OF_THE_OFFICE),
        ("any", recommending_world.FOR_ALL),
        ("entry", cases_world.TENDED),
        ("any", cases_world.FOR_SECRETARIAT),
        ("any", cases_world.FOR_ALL),
        ("nobody", cases_world.NO_OTHER_LAB),
        ("any", experts_world.FOR_ALL),
        ("draft", experts_world.OF_THE_OFFICE),
        ("tended", experts_world.TENDED),
        ("entry", experts_world.OF_BOTH),
        ("any", talent_world.FOR_ALL),
        ("nobody", talent_world.NOBODYS),
        ("secretariat", talent_world.COORDINATED),
        ("entry", talent_world.READ),
        ("entry", api_world.OF_THE_OFFICE),
        ("any", api_world.FOR_ALL),
        ("any", api_world.UNKNOWN),
        ("nobody", api_world.single_records()),
        ("any", FOR_THE_WHOLE_AUDIENCE),
    ):
        if route in named:
            return rule, named[route]
    return None


def object_exists(rule: str, someone: Someone, lab: str) -> bool:
    """Whether an object of a lab exists for somebody inside the route's audience."""
    if rule == "file":
        return sees(someone, RecordAudience.REGION, lab)
    if rule == "nobody":
        return False
    if rule == "draft":
        return someone.held == "lab_office" and someone.lab == lab
    if rule == "any" or someone.is_secretariat:
        return True
    if rule == "secretariat":
        return False
    if rule == "entry":
        return someone.held == "lab_office" and someone.lab == lab
    in_charge = someone.held == "bureau" and BUREAU_OF[lab] == someone.bureau
    if rule == "lab":
        return in_charge
    own_office = someone.held == "lab_office" and someone.lab == lab
    return in_charge or own_office


def _searching() -> dict[str, Any]:
    """A group of synonyms, and a search that nobody here has saved."""
    from tsunagu.accounts.models import Person
    from tsunagu.search.models import SavedSearch, SynonymGroup

    keeper, _made = Person.objects.get_or_create(email="keeper@example.jp", name="別の人")
    saved, _made = SavedSearch.objects.get_or_create(person=keeper, name="別の人の検索", query="q=ラボ")
    group = SynonymGroup.objects.create(expressions="甲\n乙")
    return {"saved_search": {"pk": saved.pk}, "synonym": {"pk": group.pk}}


def make_world(person_of: Callable[..., Any]) -> World:
    """Put people and records into the database of a test."""
    world = World()
    _people(world, person_of)
    _begin_sessions(world)
    for where, slug in LABS.items():
        _records(world, where, slug)
    from tsunagu.search.services.indexing import rebuild

    rebuild()
    return world


def _people(world: World, person_of: Callable[..., Any]) -> None:
    from tsunagu.accounts.models import Membership
    from tsunagu.accounts.services import invite_person

    for one in PEOPLE:
        client = world.clients[one.label] = Client()
        if not one.role:
            continue
        places = {"bureau": one.bureau or "kanto", "lab": LABS.get(one.lab, "410004")}
        person = person_of(one.role, **places)
        if not one.works:
            person = invite_person(email=f"{one.label}@example.invalid", name=one.label, role=one.role)
        today = timezone.localdate()
        held = Membership.objects.filter(person=person)
        if one.label == "former":
            held.update(valid_from=today - timedelta(days=30), valid_to=today - timedelta(days=1))
        if one.label == "unconfirmed":
            held.update(valid_from=date(2020, 4, 1), confirmed_on=date(2020, 4, 1))
        client.force_login(person)
        if one.label == "suspended":
            person.is_active = False
            person.save()
        if one.looked_at_by_secretariat:
            client.force_login(person_of("ipa"))
            membership = held.get()
            client.post(reverse("people:begin_view_as", args=[membership.pk]))


def _begin_sessions(world: World) -> None:
    """The first request of a session writes its clock; those of the walk are taken back one by one."""
    for client in world.clients.values():
        client.get(reverse("portal:about"))


def _records(world: World, where: str, slug: str) -> None:
    from tsunagu.engines.dates import PartialDate
    from tsunagu.findings.models import Finding
    from tsunagu.outbox.services import put_mail
    from tsunagu.registry.importing.batches import check_upload
    from tsunagu.registry.kinds import EventKind, Reason
    from tsunagu.registry.models import (
        ImportBatch,
        Lab,
        LabContact,
        LabDocument,
        MemberOrg,
        Organisation,
        Round,
        StatusEvent,
    )
    from tsunagu.registry.services import add_document
    from tsunagu.sharing.viewer import Viewer

    lab = Lab.objects.get(slug=slug)
    contacts = {}
    for audience in RecordAudience:
        mark = f"{where}-{audience.value}"
        contacts[audience] = contact = LabContact.objects.create(
            lab=lab,
            audience=audience,
            desk=f"窓口秘{mark}",
            email=f"secret-{mark}@example.invalid",
            person=f"氏名秘{mark}",
            phone=f"電話秘{mark}",
            note=f"申送秘{mark}",
        )
        world.secrets += [
            _field_secret(contact, name, audience, where)
            for name in ("desk", "email", "person", "phone", "note")
        ]
    documents = {}
    for audience in RecordAudience:
        mark = f"{where}-{audience.value}"
        upload = SimpleUploadedFile(f"資料秘{mark}.txt", f"中身秘{mark}".encode())
        documents[audience] = document = LabDocument(lab=lab, audience=audience, title=f"題名秘{mark}")
        add_document(document, by=Viewer(), upload=upload, parties=[])
        stored = document.stored_file
        for record, name in ((document, "title"), (stored, "name"), (stored, "sha256")):
            world.secrets.append(_audience_secret(record, name, audience, where))
    designation = lab.designations.order_by("pk").first()
    assert designation is not None
    standing = StatusEvent.objects.create(
        designation=designation,
        kind=EventKind.DORMANT,
        occurred_on=PartialDate(2025, 2),
        reason=Reason.OTHER,
    )
    event = StatusEvent.objects.create(
        designation=designation,
        kind=EventKind.DORMANT,
        occurred_on=PartialDate(2025, 1),
        reason=Reason.OTHER,
        voided_at=timezone.now(),
        void_reason=f"取消秘{where}",
    )
    world.secrets.append(
        _column_secret(
            event,
            "void_reason",
            lambda one: one.is_secretariat or (one.held == "bureau" and BUREAU_OF[where] == one.bureau),
        )
    )
    organisation = Organisation.objects.order_by("pk").first()
    other = Organisation.objects.order_by("pk")[1]
    member = MemberOrg.objects.create(lab=lab, organisation=other, role="supporter")
    batch = check_upload(
        by=Viewer(), kind="labs", file_name=f"取込秘{where}.csv", content="地域名,都道府県\n,\n".encode()
    )
    ImportBatch.objects.filter(pk=batch.pk).update(file_name=f"取込秘{where}.csv")
    world.secrets.append(_column_secret(batch, "file_name", lambda one: one.is_secretariat))
    draft = put_mail(
        key=f"draft {where}",
        kind="test",
        to_email=f"mail-secret-{where}@example.invalid",
        subject=f"件名秘{where}",
        body="x",
    )
    dead = put_mail(
        key=f"dead {where}",
        kind="test",
        to_email="dead@example.invalid",
        subject="届かない",
        body="x",
        draft=False,
    )
    for state in ("sending", "dead"):
        now = timezone.now() if state == "sending" else None
        type(dead).objects.filter(pk=dead.pk).update(
            state=state,
            last_error="届きません" if not now else "",
            next_try_at=None,
            claim=uuid.uuid4() if now else None,
            claimed_at=now,
        )
    world.secrets += [
        _column_secret(draft, name, lambda one: one.is_secretariat) for name in ("to_email", "subject")
    ]
    finding, settled = Finding.objects.order_by("pk")[:2]
    Finding.objects.filter(pk=settled.pk).update(
        state="resolved", resolution="left", reason="試", resolved_at=timezone.now()
    )
    from tsunagu.accounts.models import Membership

    membership = Membership.objects.get(lab=lab, role="lab_office")
    world.secrets.append(
        _column_secret(
            membership.person,
            "email",
            lambda one: (
                one.is_secretariat
                or (one.held == "bureau" and BUREAU_OF[where] == one.bureau)
                or (one.held == "lab_office" and one.lab == where)
            ),
        )
    )
    keys, texts = selection_world.make_applications(where, lab)
    more, inner = reviewing_world.make_reviews(where)
    keys |= more
    texts |= inner
    reported, told, activities = reporting_world.make_reporting(where, lab)
    keys |= reported
    texts |= told
    world.secrets += [
        _column_secret(one, "title", lambda who, a=one.audience: sees(who, a, where)) for one in activities
    ]
    more, inner = surveys_world.make_survey(where, lab)
    keys |= more
    texts |= inner
    more, inner = recommending_world.make_recommendations(where, lab)
    keys |= more
    texts |= inner
    more, inner = cases_world.make_cases(where, lab)
    keys |= more
    texts |= inner
    more, inner = experts_world.make_dispatch(where, lab)
    keys |= more
    texts |= inner
    more, inner = talent_world.make_co_lead(where, lab)
    keys |= more
    texts |= inner
    more, inner = api_world.make_keys(where, lab)
    keys |= more
    texts |= inner
    for text, (whose, change) in texts.items():
        world.secrets.append(Secret(text, _reader_of(whose, where), change))
    world.keys[where] = {
        **keys,
        "slug": {"slug": slug},
        "designation": {"pk": designation.pk},
        "event": {"pk": standing.pk},
        "member": {"pk": member.pk},
        "contact": {"pk": contacts[RecordAudience.PARTIES].pk},
        "membership": {"pk": membership.pk},
        "document": {"pk": documents[RecordAudience.REGION].pk},
        "organisation": {"pk": organisation.pk if organisation else 0},
        "round": {"pk": Round.objects.order_by("pk")[0].pk},
        "batch": {"pk": batch.pk},
        "finding": {"pk": finding.pk},
        "settled": {"pk": settled.pk},
        "merge": {"keep": organisation.pk if organisation else 0, "drop": other.pk},
        "bureau": {"code": BUREAU_OF[where]},
        "round_key": {"key": "dx-1"},
        **_searching(),
        "figure": {"code": "F05"},
        "kind": {"kind": "csv"},
        "mail": {"pk": draft.pk},
        "dead_mail": {"pk": dead.pk},
        "token": {"token": "unknown"},
        "provider": {"provider_id": "unknown"},
        "nobodys": {"pk": 999_999_999},
    }
    _certificates(world, where, lab)


def _certificates(world: World, where: str, lab: Any) -> None:
    """A certificate of the lab, the mark's files open to it, a use of the mark, and a run that is finished."""
    from tsunagu.certificates.models import (
        IssueRun,
        MarkAcceptance,
        MarkKit,
        MarkKitFile,
        MarkTerms,
        MarkUse,
        MarkWithdrawal,
    )
    from tsunagu.certificates.services.issuing import issue
    from tsunagu.files.services import store_file
    from tsunagu.registry.models import Designation, Round
    from tsunagu.sharing.viewer import Viewer

    designation = lab.designations.exclude(scheme="unresolved").order_by("-pk").first()
    if designation is None:
        designation = Designation.objects.create(lab=lab, scheme="dx")
    today = timezone.localdate()

    def stored(name: str) -> Any:
        return store_file(upload=SimpleUploadedFile(f"{name}{where}.txt", where.encode()), by_label="")

    certificate = issue(designation=designation, issued_on=today, by=Viewer())
    terms, _made = MarkTerms.objects.get_or_create(
        number=1, defaults={"text": "規程", "effective_on": today, "made_by_label": ""}
    )
    MarkAcceptance.objects.create(designation=designation, terms=terms, accepted_by_label="")
    kit, _made = MarkKit.objects.get_or_create(number=1, defaults={"changes": "", "made_by_label": ""})
    kit_file = MarkKitFile.objects.create(kit=kit, stored_file=stored("mark"))
    use = MarkUse.objects.create(
        designation=designation, medium="web", place=f"使用秘{where}", address="https://www.example.jp/",
        sought="ロゴ", photo=stored("photo"), used_from=today,
    )  # fmt: skip
    # It stops in the future, so that the right of today stays.
    withdrawal = MarkWithdrawal.objects.create(
        designation=designation,
        stops_on=today + timedelta(days=30),
        reason=f"差止秘{where}",
        recorded_by_label="",
    )
    run = IssueRun.objects.create(
        round=Round.objects.order_by("pk")[0],
        started_by_label="",
        finished_at=timezone.now(),
        together=stored("run"),
    )
    world.secrets += [_column_secret(one, name, lambda who: object_exists("tended", who, where))
                      for one, name in ((use, "place"), (withdrawal, "reason"))]  # fmt: skip
    world.keys[where] |= {
        "certificate": {"pk": certificate.pk},
        "code": {"code": certificate.code},
        "mark_use": {"pk": use.pk},
        "mark_kit": {"slug": lab.slug, "pk": kit_file.pk},
        "kit_file": {"pk": kit_file.pk},
        "withdrawal": {"pk": withdrawal.pk},
        "issue_run": {"pk": run.pk},
        "scheme": {"scheme": "dx"},
    }


def _reader_of(whose: str, where: str) -> Callable[[Someone], bool]:
    """Drafts are their writers' alone; what was sent is the staff's too, what the staff noted theirs alone."""

    def seen_by(one: Someone) -> bool:
        office = one.held == "lab_office" and one.lab == where
        staff = one.is_secretariat or (one.held == "bureau" and BUREAU_OF[where] == one.bureau)
        party = one.is_secretariat or one.is_party(where)
        return {
            "draft": office, "sent": office or staff, "staff": staff, "secretariat": one.is_secretariat,
            "tending": office or staff, "party": party, "entry": office or one.is_secretariat,
            "circle": one.in_circle,
        }[whose]  # fmt: skip

    return seen_by


def _field_secret(contact: Any, name: str, audience: RecordAudience, where: str) -> Secret:
    kept_to = type(contact).field_audiences.get(name, audience)

    def seen_by(one: Someone) -> bool:
        return sees(one, audience, where) and sees(one, kept_to, where)

    return Secret(getattr(contact, name), seen_by, _setter(contact, name))


def _audience_secret(record: Any, name: str, audience: RecordAudience, where: str) -> Secret:
    return _column_secret(record, name, lambda one: sees(one, audience, where))


def _column_secret(record: Any, name: str, seen_by: Callable[[Someone], bool]) -> Secret:
    return Secret(getattr(record, name), seen_by, _setter(record, name))


def _setter(record: Any, name: str) -> Callable[[str], Any]:
    return lambda text: type(record).objects.filter(pk=record.pk).update(**{name: text})


@contextlib.contextmanager
def undone() -> Iterator[None]:
    """Whatever a request writes is taken back, so that the next one finds the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def addresses(world: World, of: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """(route, whose object, address) for every route and every object it can name, of these labs."""
    for route, pattern in ALL_ROUTES.items():
        # The walk goes through the Japanese pages, whatever language a test before left on.
        with translation.override("ja"):
            found = _addresses_of(world, route, of if pattern.pattern.converters else ())
        for where, address in found:
            yield route, where, address


def _addresses_of(world: World, route: str, of: tuple[str, ...]) -> list[tuple[str, str]]:
    if not of:
        return [("", reverse(route))]
    rule = object_rule(route)
    assert rule is not None, f"{route}: say in tests/sharing/world.py whose object its address names"
    by_address: dict[str, str] = {}
    for where in of:
        by_address.setdefault(reverse(route, kwargs=world.keys[where][rule[1]]), where)
    return [(where, address) for address, where in by_address.items()]


def last_change() -> int:
    """The newest entry of the history."""
    from tsunagu.history.models import Change

    return Change.objects.order_by("-id").values_list("id", flat=True).first() or 0


def _changes_after(last: int) -> list[tuple[str, str]]:
    from tsunagu.history.models import Change

    changed = Change.objects.filter(id__gt=last, action__in=["insert", "update", "delete"])
    return list(changed.values_list("table_name", "action"))


def method_of(variant: str) -> str:
    """The method a variant is sent with."""
    return variant.removeprefix("htmx_")


def ask(client: Client, variant: str, address: str, *, changes_after: int | None = None) -> Any:
    """Send one request as a browser, or as htmx, would; records it changed are named where it is asked for them."""
    headers = {"HX-Request": "true"} if variant.startswith("htmx_") else {}
    cookies = copy.deepcopy(client.cookies)
    with undone():
        answer = getattr(client, method_of(variant))(address, headers=headers)
        # Files are streamed: the text is read while the request's writes still stand.
        answer.full_text = b"".join(answer.streaming_content) if answer.streaming else answer.content
        answer.changes = [] if changes_after is None else _changes_after(changes_after)
    # Signing out also takes the cookie from the browser; the next request is sent by the same person again.
    client.cookies = cookies
    return answer
