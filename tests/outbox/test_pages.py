"""The secretariat's pages: the real recipient, decisions, nothing for anybody else, no text that becomes HTML."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.outbox.test_delivering import attempt
from tests.outbox.test_placeholders import HOSTILE
from tests.outbox.test_writing import ADDRESS, put

from tsunagu.outbox import selectors
from tsunagu.outbox.models import Mail
from tsunagu.outbox.rules import MailState
from tsunagu.outbox.selectors import MailFilter

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client_of: Callable[..., Client]) -> Client:
    return client_of("ipa")


def page(client: Client, name: str, *arguments: object, **query: str) -> str:
    answer = client.get(reverse(f"outbox:{name}", args=arguments), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client: Client, name: str, *arguments: object, **data: object) -> Any:
    return client.post(reverse(f"outbox:{name}", args=arguments), data)


def form_of(mail: Mail, **changes: object) -> dict[str, object]:
    kept = {name: getattr(mail, name) for name in ("to_email", "to_name", "subject", "body", "version")}
    return kept | changes


def test_the_list_counts_states_and_narrows(office: Client) -> None:
    put("a", subject="最初の下書き")
    put("b", subject="二つめの下書き", kind="other", to_email="hanako@example.invalid")
    put("c", subject="送信待ちの一通", draft=False)
    shown = page(office, "list")
    assert "最初の下書き" in shown
    assert "送信待ちの一通" not in shown
    assert re.search(r"<strong>下書き 2</strong>", shown)
    assert "送信待ち 1" in shown
    assert "二つめの下書き" not in page(office, "list", kind="test")
    assert "最初の下書き" not in page(office, "list", q="hanako")
    assert "送信待ちの一通" in page(office, "list", state="all")


def test_a_mails_page_shows_the_real_recipient_and_text(office: Client) -> None:
    mail = put("a", body="1行め\n2行め", to_name="佐賀 太郎")
    shown = page(office, "mail", mail.pk)
    assert f"佐賀 太郎 &lt;{ADDRESS}&gt;" in shown
    assert "1行め<br>2行め" in shown


def test_a_secret_text_is_on_no_page(office: Client) -> None:
    mail = put("a", body="https://lab.example.jp/TOKEN-1/", is_secret=True)
    for name, arguments in (("mail", [mail.pk]), ("list", []), ("send", []), ("discard", [mail.pk])):
        assert "TOKEN-1" not in page(office, name, *arguments)
    assert office.get(reverse("outbox:edit", args=[mail.pk])).status_code == 302


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_stay_text_on_every_page(hostile: str, office: Client) -> None:
    mail = put("a", subject=hostile, body=hostile, to_name=hostile, by_label=hostile)
    for name, arguments in (
        ("list", []),
        ("mail", [mail.pk]),
        ("edit", [mail.pk]),
        ("send", []),
        ("discard", [mail.pk]),
    ):
        shown = page(office, name, *arguments)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<svg/onload" not in shown
        assert f'href="{hostile}"' not in shown
        assert escape(hostile) in shown
    Mail.objects.filter(pk=mail.pk).update(body="ほかの人の文", subject=hostile + "2")
    answer = post(office, "edit", mail.pk, **form_of(mail))
    assert answer.status_code == 409
    assert "<script>alert" not in answer.content.decode()


def test_edit_and_release(office: Client) -> None:
    mail = put("a", html="<p>本文</p>")
    assert post(office, "edit", mail.pk, **form_of(mail, body="新しい本文")).status_code == 302
    mail.refresh_from_db()
    assert (mail.body, mail.html, mail.version, mail.state) == ("新しい本文", "", 2, MailState.DRAFT)
    assert mail.decided_by_label == "ipaさん"
    post(office, "release", mail.pk, version=1)
    mail.refresh_from_db()
    assert mail.state == MailState.DRAFT
    post(office, "release", mail.pk, version=2)
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
    assert ProcrastinateJob.objects.filter(pk=mail.job, status="todo").exists()


def test_two_people_editing_keep_both_texts(office: Client) -> None:
    mail = put("a")
    mail.refresh_from_db()
    post(office, "edit", mail.pk, **form_of(mail, body="先の人の文"))
    answer = post(office, "edit", mail.pk, **form_of(mail, body="後の人の文"))
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "先の人の文" in shown
    assert "後の人の文" in shown
    assert 'name="version" value="2"' in shown
    mail.refresh_from_db()
    assert mail.body == "先の人の文"
    assert post(office, "edit", mail.pk, **form_of(mail, body="後の人の文")).status_code == 302


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": "{{ password }} です"}, "password"),
        ({"subject": "件名 {{ name }}"}, "name"),
        ({"subject": "件名\u2028Bcc: a@b.invalid"}, "件名"),
        ({"to_email": "太郎"}, "メールアドレス"),
        ({"body": ""}, "入力を確認してください"),
        ({"body": "\u3000\n"}, "本文"),
    ],
)
def test_what_cannot_be_sent_is_said_on_the_form(changes: dict[str, str], said: str, office: Client) -> None:
    mail = put("a")
    mail.refresh_from_db()
    answer = post(office, "edit", mail.pk, **form_of(mail, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Mail.objects.get(pk=mail.pk).version == mail.version


def test_hold_discard_and_what_is_no_longer_possible(office: Client) -> None:
    mail = put("a", draft=False)
    post(office, "hold", mail.pk)
    mail.refresh_from_db()
    assert (mail.state, mail.next_try_at) == (MailState.HELD, None)
    assert "元には戻せません" in page(office, "discard", mail.pk)
    post(office, "discard", mail.pk)
    mail.refresh_from_db()
    assert mail.state == MailState.DISCARDED
    for name in ("hold", "discard", "release", "retry"):
        answer = office.post(
            reverse(f"outbox:{name}", args=[mail.pk]), {"version": mail.version}, follow=True
        )
        assert "最新の状態を確かめてください" in answer.content.decode()
    mail.refresh_from_db()
    assert mail.state == MailState.DISCARDED


def test_sending_many_asks_first_and_sends_what_was_asked_about(office: Client) -> None:
    mine = [put(f"a{number}") for number in range(12)]
    held, other = put("held"), put("other", kind="other")
    post(office, "hold", held.pk)
    address = reverse("outbox:send") + "?kind=test"
    asked = office.get(address).content.decode()
    assert "下書き12通を送ります" in asked
    assert asked.count(ADDRESS) == 10
    hidden = dict(re.findall(r'name="(up_to|count)" value="(\d+)"', asked))
    # One more draft comes while the person reads: it was not asked about.
    late = put("late")
    assert office.post(address, hidden).status_code == 302
    states = {mail.key: mail.state for mail in Mail.objects.all()}
    assert {states[mail.key] for mail in mine} == {MailState.QUEUED}
    assert (states["held"], states["other"], states["late"]) == ("held", "draft", "draft")
    jobs = Mail.objects.filter(pk__in=[mail.pk for mail in mine]).values_list("job", flat=True)
    assert ProcrastinateJob.objects.filter(pk__in=list(jobs)).count() == 12
    assert other.pk
    assert office.post(address, hidden).status_code == 409
    late.refresh_from_db()
    assert late.state == MailState.DRAFT


def test_a_draft_gone_while_asking_is_asked_about_again(office: Client) -> None:
    first, _second = put("a"), put("b")
    hidden = {"up_to": Mail.objects.latest("pk").pk, "count": 2}
    post(office, "hold", first.pk)
    assert post(office, "send", **hidden).status_code == 409
    assert not Mail.objects.filter(state=MailState.QUEUED).exists()


def test_dead_letters_say_why_and_can_be_mended(
    office: Client, post: Any, client_of: Callable[..., Client]
) -> None:
    post.behaviours.append("rcpt 550 no such user")
    mail = attempt(put("a", draft=False, subject="届かない一通"))
    shown = page(office, "dead")
    assert "届かない一通" in shown
    assert "550 no such user" in shown
    office.post(reverse("outbox:hold", args=[mail.pk]))
    mail.refresh_from_db()
    office.post(reverse("outbox:edit", args=[mail.pk]), form_of(mail, to_email="right@example.invalid"))
    mail.refresh_from_db()
    office.post(reverse("outbox:release", args=[mail.pk]), {"version": mail.version})
    attempt(mail)
    assert (mail.state, post.recipients) == (MailState.SENT, ["right@example.invalid"])


def test_a_dead_mail_gets_three_more_days(office: Client, post: Any) -> None:
    post.behaviours.append("554 not now")
    mail = attempt(put("a", draft=False))
    office.post(reverse("outbox:retry", args=[mail.pk]))
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.first_tried_at) == (MailState.QUEUED, 0, None)
    assert attempt(mail).state == MailState.SENT


def test_a_dead_secret_mail_has_nothing_left_to_send(office: Client, post: Any) -> None:
    post.behaviours.append("554 not now")
    mail = attempt(put("a", draft=False, is_secret=True))
    assert "もう一度申し込んで" in page(office, "dead")
    for name in ("retry", "hold"):
        office.post(reverse(f"outbox:{name}", args=[mail.pk]))
        mail.refresh_from_db()
        assert mail.state == MailState.DEAD


@pytest.mark.parametrize("role", ["bureau", "lab_office"])
def test_selectors_give_mails_to_the_secretariat_only(role: str, viewer_of: Callable[..., Any]) -> None:
    put("a")
    assert selectors.mails(viewer_of("ipa")).count() == 1
    assert selectors.mails(viewer_of(role)).count() == 0
    assert sum(count for _state, _label, count in selectors.state_counts(viewer_of(role), MailFilter())) == 0


@pytest.mark.parametrize("role", ["bureau", "lab_office"])
def test_mails_do_not_exist_for_others(role: str, client_of: Callable[..., Client]) -> None:
    mail = put("a", subject="見えない一通")
    client = client_of(role)
    assert client.get(reverse("outbox:list")).status_code == 404
    assert client.get(reverse("outbox:mail", args=[mail.pk])).status_code == 404
    assert client.post(reverse("outbox:release", args=[mail.pk]), {"version": 1}).status_code == 404
    mail.refresh_from_db()
    assert mail.state == MailState.DRAFT
    assert reverse("outbox:list") not in client.get("/").content.decode()
