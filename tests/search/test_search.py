"""Searching the programme's records: found within the sharing policy, kept current, never lost."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from tsunagu.accounts.models import Person
from tsunagu.activities.models import Activity, ActivityKind
from tsunagu.cases.models import Case
from tsunagu.outbox.models import Mail
from tsunagu.registry.models import Lab, Policy
from tsunagu.search import selectors
from tsunagu.search.audiences import held_by, tokens
from tsunagu.search.models import Alert, Mark, MissedQuestion, SavedSearch, SynonymGroup
from tsunagu.search.places import engine
from tsunagu.search.services import indexing, saving
from tsunagu.search.subjects.all import SUBJECTS
from tsunagu.sharing.policy import RecordAudience, visible
from tsunagu.sharing.viewer import PUBLIC, Role, Viewer

pytestmark = pytest.mark.django_db

SECRET = "マルヒノモミジ"


@pytest.fixture
def _indexed() -> None:
    indexing.rebuild()


def activity(lab: Lab, title: str, audience: str = "public", **more: str) -> Activity:
    """Something a lab did."""
    return Activity.objects.create(
        lab=lab,
        kind=ActivityKind.objects.all()[0],
        title=title,
        started_on="2026-05-01",
        audience=audience,
        **more,
    )


def viewers(lab: Lab) -> dict[str, Viewer]:
    """People who stand differently to a lab."""
    bureau = lab.region.bureau.code
    other = Lab.objects.exclude(region__bureau=lab.region.bureau)[0]
    return {
        "public": PUBLIC,
        "secretariat": Viewer(person_id=1, roles=frozenset({Role.IPA})),
        "own bureau": Viewer(2, roles=frozenset({Role.BUREAU}), bureau_codes=frozenset({bureau}), near_bureaus=frozenset({bureau})),
        "other bureau": Viewer(3, roles=frozenset({Role.BUREAU}), bureau_codes=frozenset({other.region.bureau.code})),
        "own lab": Viewer(4, roles=frozenset({Role.LAB_OFFICE}), lab_ids=frozenset({lab.pk}), near_bureaus=frozenset({bureau})),
        "near lab": Viewer(5, roles=frozenset({Role.LAB_MEMBER}), lab_ids=frozenset({other.pk}), near_bureaus=frozenset({bureau})),
        "far lab": Viewer(6, roles=frozenset({Role.LAB_MEMBER}), lab_ids=frozenset({other.pk})),
        "company": Viewer(7, roles=frozenset({Role.COMPANY}), near_bureaus=frozenset({bureau})),
    }  # fmt: skip


def found(viewer: Viewer, text: str, **more: object) -> list[str]:
    """Keys found."""
    return [hit.key for hit in selectors.find(viewer, text, **more).hits]  # type: ignore[arg-type]


def test_tokens_say_what_the_policy_says() -> None:
    lab = Lab.objects.select_related("region__bureau")[0]
    records = [activity(lab, one.value, one.value) for one in RecordAudience]
    for name, viewer in viewers(lab).items():
        by_policy = set(visible(Activity.objects.filter(pk__in=[one.pk for one in records]), viewer))
        by_tokens = {
            one
            for one in records
            if tokens(one.audience, lab=lab.pk, bureau=lab.region.bureau.code) & held_by(viewer)
        }
        assert by_policy == by_tokens, name


@pytest.mark.usefixtures("_indexed")
def test_a_record_is_found_by_those_it_is_for_and_by_nobody_else(client: Client) -> None:
    lab = Lab.objects.select_related("region__bureau")[0]
    for one in RecordAudience:
        activity(lab, f"{SECRET}の導入", one.value, summary=f"{one.value}に話したこと")
    indexing.catch_up()
    for name, viewer in viewers(lab).items():
        allowed = {
            f"activity:{pk}" for pk in visible(Activity.objects.all(), viewer).values_list("pk", flat=True)
        }
        answer = selectors.find(viewer, SECRET)
        assert {hit.key for hit in answer.hits} == allowed, name
        kinds = {
            option.value: option.count
            for facet in answer.facets
            for option in facet.options
            if facet.name == "kind"
        }
        assert kinds == ({"activity": len(allowed)} if allowed else {}), name
        assert bool(selectors.titles(viewer, SECRET)) == bool(allowed)
    Activity.objects.filter(audience="public").delete()
    indexing.catch_up()
    page = client.get("/search/", {"q": SECRET}).content.decode()
    assert "activity" not in page
    assert "もしかして" not in page
    assert client.get("/search/titles/", {"q": SECRET}).content.strip() == b""


@pytest.mark.usefixtures("_indexed")
def test_what_is_no_longer_allowed_is_not_shown_before_the_index_knows() -> None:
    one = activity(Lab.objects.all()[0], f"{SECRET}の導入")
    indexing.catch_up()
    assert found(PUBLIC, SECRET) == [f"activity:{one.pk}"]
    Activity.objects.filter(pk=one.pk).update(audience="secretariat")
    assert found(PUBLIC, SECRET) == []


@pytest.mark.usefixtures("_indexed")
def test_the_programmes_records_are_found_however_they_are_written() -> None:
    for text, kind in [
        ("長岡", "lab"), ("ながおか", "lab"), ("ﾅｶﾞｵｶ", "lab"), ("ｄｘ認定", "policy"), ("制度の目的とメリット", "page"),
        ("デジタルトランスフォーメーション認定", "policy"),
    ]:  # fmt: skip
        assert kind in {key.partition(":")[0] for key in found(PUBLIC, text)}, text
    assert selectors.find(PUBLIC, "アクセシブリティ").instead == "アクセシビリティ"


@pytest.mark.usefixtures("_indexed")
def test_a_lab_finds_three_real_cases_and_one_for_a_misspelt_word() -> None:
    answer = selectors.find(PUBLIC, "鳥獣害 センサー")
    assert answer.exact >= 3
    assert [hit.key.partition(":")[0] for hit in answer.hits][:3] == ["case"] * 3
    for misspelt in ("鳥獣蓋", "鳥獣害 センンサー", "見廻り"):
        assert any(key.startswith("case:") for key in found(PUBLIC, misspelt)), misspelt
    assert selectors.find(PUBLIC, "鳥獣蓋").instead == "鳥獣害"


@pytest.mark.usefixtures("_indexed")
def test_what_people_type_without_converting_it_and_what_stands_on_the_page() -> None:
    for typed, meant in (("せんさー", "センサー"), ("どろーん", "ドローン"), ("鳥獸害", "鳥獣害")):
        assert set(found(PUBLIC, typed)) == set(found(PUBLIC, meant)), typed
    case = Case.objects.get(number="S-0020")
    assert found(PUBLIC, "S-0020")[0] == f"case:{case.pk}"


@pytest.mark.usefixtures("_indexed")
def test_the_page_beyond_the_end_is_the_last_and_english_leads_to_english(client: Client) -> None:
    beyond = client.get("/search/", {"q": "センサー", "page": "50"}).text
    assert "見つかりませんでした" not in beyond
    assert 'class="hit"' in beyond
    english = client.get("/en/search/", {"q": "センサー"}).text
    assert 'href="/en/cases/' in english
    assert 'href="/cases/S-' not in english


@pytest.mark.usefixtures("_indexed")
def test_a_long_question_can_be_saved(client_of: Any) -> None:
    client, text = client_of("lab_office"), "長い質問の言葉" * 30
    page = client.get("/search/", {"q": text}).text
    assert f'value="{text[:100]}"' in page
    kept = client.post("/search/save/", {"name": "短い名前", "alert": "weekly", "query": f"q={quote(text)}"})
    assert kept.status_code == 302
    assert SavedSearch.objects.get().name == "短い名前"


@pytest.mark.usefixtures("_indexed")
def test_every_change_leaves_a_mark_and_the_index_agrees_with_the_records() -> None:
    Mark.objects.all().delete()
    policy = Policy.objects.all()[0]
    Policy.objects.filter(pk=policy.pk).update(note="気球で測る")
    activity(Lab.objects.all()[0], "気球の講習")
    assert set(Mark.objects.values_list("kind", flat=True)) == {"policy", "activity"}
    assert indexing.catch_up() == 2
    assert {key.partition(":")[0] for key in found(PUBLIC, "気球")} == {"policy", "activity"}
    assert indexing.check().is_sound
    with engine("inside").writer() as writer:
        writer.remove([f"policy:{policy.pk}"])
        writer.commit()
    assert indexing.heal().missing == (f"policy:{policy.pk}",)
    indexing.catch_up()
    assert indexing.check().is_sound


def test_every_kind_that_is_found_by_its_record_has_a_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'search\\_update\\_%'")
        watched = {name.removeprefix("search_update_") for (name,) in cursor.fetchall()}
    assert watched == SUBJECTS.keys() - {"page"}


@pytest.mark.usefixtures("_indexed")
def test_a_crash_before_the_commit_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    one = activity(Lab.objects.all()[0], f"{SECRET}の導入")

    def crash(*_: object) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as broken:
        broken.setattr(indexing, "put", crash)
        with pytest.raises(RuntimeError):
            indexing.catch_up()
    assert Mark.objects.filter(kind="activity", number=one.pk).exists()
    indexing.catch_up()
    assert found(PUBLIC, SECRET) == [f"activity:{one.pk}"]


@pytest.mark.usefixtures("_indexed")
def test_a_saved_search_tells_of_what_is_new_once_and_only_what_one_may_see() -> None:
    person = Person.objects.create(email="keeps@example.jp", name="保存する人", is_active=True)
    viewer = Viewer(person_id=person.pk)
    saving.save_search(viewer=viewer, name="センサー", query=f"q={SECRET}", alert=Alert.DAILY)
    lab = Lab.objects.all()[0]
    activity(lab, f"{SECRET}の公開の話")
    activity(lab, f"{SECRET}の内輪の話", "labs")
    indexing.catch_up()
    assert saving.tell_all() == 1
    assert saving.tell_all() == 0
    sent = Mail.objects.get(kind="search:new")
    assert "公開の話" in sent.body
    assert "内輪の話" not in sent.body
    assert not mail.outbox


@pytest.mark.usefixtures("_indexed")
def test_the_page_helps_when_nothing_is_found_and_counts_what_was_asked(client: Client) -> None:
    answer = client.get("/search/", {"q": "ぬるぽがっ"})
    assert "見つかりませんでした" in answer.content.decode()
    assert MissedQuestion.objects.get().text == "ぬるぽがっ"
    client.get("/search/", {"q": "someone@example.jp"})
    assert MissedQuestion.objects.count() == 1
    for query in (
        {"page": "x"},
        {"page": "٣"},
        {"page": "99999999"},
        {"kind": "無い", "q": '"'},
        {"q": "-"},
        {"q": "ぬる\0ぽがっ", "kind": "\0"},
        {"q": "a" * 5000},
        {"sort": "?"},
    ):
        assert client.get("/search/", query).status_code == 200, query


def test_without_an_index_the_page_says_so(client: Client, settings: object, tmp_path: object) -> None:
    settings.TSUNAGU_SEARCH_DIR = tmp_path  # type: ignore[attr-defined]
    assert "準備をしています" in client.get("/search/", {"q": "長岡"}).content.decode()


def test_the_secretariats_synonyms_hold_at_once() -> None:
    indexing.rebuild()
    activity(Lab.objects.all()[0], "ため池をまわる")
    indexing.catch_up()
    assert not found(PUBLIC, "ビオトープ")
    SynonymGroup.objects.create(expressions="ビオトープ\nため池")
    assert found(PUBLIC, "ビオトープ")
    assert selectors.lag(now=timezone.now()).waiting == 0


def test_many_records_are_analysed_in_other_processes_to_the_same_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lab = Lab.objects.all()[0]
    for number in range(7):
        activity(lab, f"盆踊り{number}", "labs" if number % 2 else "public")
    totals = []
    for many in (indexing.MANY, 3):
        monkeypatch.setattr(indexing, "MANY", many)
        indexing.rebuild()
        circle = Viewer(4, roles=frozenset({Role.LAB_OFFICE}))
        totals.append((len(found(PUBLIC, "盆踊り")), len(found(circle, "盆踊り")), indexing.check().is_sound))
    assert totals == [(4, 7, True)] * 2
