"""Experts are found as their public page shows them, by everybody alike, and no longer once they leave."""

import pytest
from django.test import Client
from tests.experts.test_dispatch import make_expert
from tests.search.test_search import found, viewers

from tsunagu.experts.models import Expert, Theme
from tsunagu.registry.models import Lab, LocalGovernment, Organisation
from tsunagu.registry.services import save_organisation
from tsunagu.search.audiences import PUBLIC_ONLY, held_by
from tsunagu.search.models import Mark
from tsunagu.search.services import indexing
from tsunagu.search.subjects.all import SUBJECTS
from tsunagu.sharing.viewer import PUBLIC

pytestmark = pytest.mark.django_db
SUBJECT = SUBJECTS["expert"]


def expert(name: str = "山本 検索", **more: object) -> Expert:
    one = make_expert(name, about="うなぎ養殖の見回りを減らす", **more)
    body = Organisation.objects.filter(name="ひみつの取引先株式会社").first()
    one.conflicts.add(body or save_organisation(Organisation(name="ひみつの取引先株式会社")))
    return one


def test_everybody_finds_who_is_listed_by_what_the_page_says(client: Client) -> None:
    one, away = expert(), expert("載らない人", is_listed=False)
    indexing.rebuild()
    key = f"expert:{one.pk}"
    lab = Lab.objects.select_related("region__bureau")[0]
    for name, viewer in viewers(lab).items():
        assert key in found(viewer, "うなぎ養殖の見回り"), name
        assert key not in found(viewer, "ひみつの取引先株式会社"), name
        assert f"expert:{away.pk}" not in found(viewer, "載らない人"), name
        # What the index says, the database says too.
        assert (key in found(viewer, "うなぎ養殖")) == (one.pk in SUBJECT.visible([one.pk], viewer)), name
    page = client.get("/search/", {"q": "うなぎ養殖の見回り"})
    assert f"/experts/{one.pk}/" in page.text
    assert "専門家" in page.text
    assert "@example" not in page.text
    assert key in found(PUBLIC, "うなぎ養殖", chosen={"prefecture": ["佐賀県"]})
    assert key not in found(PUBLIC, "うなぎ養殖", chosen={"prefecture": ["東京都"]})


def test_the_tokens_are_the_publics() -> None:
    one, away = expert(), expert("載らない人", is_listed=False)
    documents = list(SUBJECT.documents([one.pk, away.pk]))
    assert [each.key for each in documents] == [f"expert:{one.pk}"]
    assert documents[0].audiences == PUBLIC_ONLY
    assert documents[0].audiences & held_by(PUBLIC)
    assert SUBJECT.visible([one.pk, away.pk], PUBLIC) == set(SUBJECT.numbers()) == {one.pk}


def test_every_change_of_the_page_marks_them() -> None:
    one = expert()

    def marked() -> bool:
        done = Mark.objects.filter(kind="expert", number=one.pk).exists()
        Mark.objects.all().delete()
        return done

    marked()
    one.headline = "新しいひとこと"
    one.save()
    assert marked()
    one.themes.add(Theme.objects.exclude(code="iot")[0])
    assert marked()
    one.areas.add(LocalGovernment.objects.get(pk="410004"))
    assert marked()
    one.person.name = "改名した人"
    one.person.save()
    assert marked()
    one.person.save()
    assert not marked()
    one.person.is_active = False
    one.person.save()
    assert marked()


def test_who_leaves_is_not_shown_even_before_the_index_knows() -> None:
    one = expert()
    indexing.rebuild()
    Expert.objects.filter(pk=one.pk).update(is_listed=False)
    assert found(PUBLIC, "うなぎ養殖") == []
    indexing.catch_up()
    assert found(PUBLIC, "うなぎ養殖") == []
