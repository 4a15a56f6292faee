"""Lists of cases from a file, photos, and what the editor sees changed."""

import base64
import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cases.test_cases import STAFF, lab, made
from tests.sharing.cases_world import PIXEL

from tsunagu.cases import importing
from tsunagu.cases.forms import CaseForm
from tsunagu.cases.models import Case, CaseConsent, CaseImport, CasePhoto, CaseState
from tsunagu.cases.rules import NotAllowed
from tsunagu.cases.services import comparing, photos, writing
from tsunagu.registry.models import Lab

HEAD = "題名,管理番号,業種,分野,使った技術,段階,成果の数,使った施策,都道府県,費用"
FIRST = "センサーで見回りを減らす,A-1,農業，林業,農業,センサー、LPWA,完成した,見回りの時間 10 → 4 時間／週,,佐賀県,50万円未満"
GOOD = "\r\n".join([HEAD, FIRST, "台帳の電子化,A-2,,,クラウド,,,,,", ""])


@pytest.fixture
def office(viewer_of: Any) -> Any:
    return viewer_of("lab_office")


def own() -> Lab:
    return Lab.objects.select_related("region__prefecture").get(slug="410004")


def checked(text: str, by: Any, *, encoding: str = "utf-8-sig", name: str = "一覧.csv") -> CaseImport:
    return importing.check_list(lab=own(), by=by, file_name=name, content=text.encode(encoding))


def taken() -> Any:
    """Cases that came from a list."""
    return Case.objects.filter(lab=own()).exclude(origin_key="")


def industry_and_field() -> tuple[str, str]:
    from tsunagu.cases.models import CaseField, Industry

    return Industry.objects.all()[0].name, CaseField.objects.all()[0].name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_list_in_any_encoding_taken_twice(encoding: str, office: Any) -> None:
    industry, field = industry_and_field()
    text = GOOD.replace("農業，林業", f'"{industry}"').replace(",農業,センサー", f",{field},センサー")
    batch = checked(text, office, encoding=encoding)
    assert (batch.new_count, batch.error_count, taken().count()) == (2, 0, 0), batch.errors
    done = importing.apply_list(batch=batch, by=office)
    assert done.state == "applied"
    one = Case.objects.get(lab=own(), origin_key="A-1")
    assert (one.state, one.technologies, one.stage, one.cost) == (
        CaseState.DRAFT,
        ["センサー", "LPWA"],
        "done",
        "low",
    )
    assert str(one.results.get().after) == "4.000000"
    again = checked(text, office, encoding=encoding)
    assert (again.new_count, again.changed_count, again.same_count) == (0, 0, 2)
    changed = checked(text.replace("台帳の電子化", "台帳をクラウドに"), office)
    assert (changed.changed_count, changed.same_count) == (1, 1)
    with pytest.raises(NotAllowed):
        importing.apply_list(batch=done, by=office)


def test_every_fault_at_once_and_nothing_stored(office: Any) -> None:
    rows = [
        HEAD,
        ",A-1,,,,,,,,",
        "よい題名,A-2,無い業種,,,済んだ,読めない数,無い施策,,",
        "同じ,A-3,,,,,,,,",
        "同じ,A-3,,,,,,,,",
    ]
    batch = checked("\r\n".join(rows), office)
    faults = {(one["row"], one["column"]) for one in batch.errors}
    assert {
        (2, "題名"),
        (3, "業種"),
        (3, "いまの段階"),
        (3, "使った施策"),
        (3, "成果の数"),
        (5, "自分の一覧での番号"),
    } <= faults
    assert batch.state == "refused"
    assert not taken().exists()
    assert all(one["mend"] for one in batch.errors)


def test_the_pages_of_lists(client_of: Any) -> None:
    client: Client = client_of("lab_office")
    file = SimpleUploadedFile("一覧.csv", f"{HEAD}\r\n題,A-1,,,,,,,,\r\n".encode())
    shown = client.post("/case-desk/import/", {"lab": own().pk, "file": file}, follow=True)
    assert "まだ何も変わっていません" in shown.content.decode()
    batch = CaseImport.objects.get()
    done = client.post(f"/case-desk/import/{batch.pk}/apply/", follow=True)
    assert "取り込みました" in done.content.decode()
    assert client_of("lab_office", lab="152021").get(f"/case-desk/import/{batch.pk}/").status_code == 404
    faulty = SimpleUploadedFile("一覧.csv", f"{HEAD}\r\n,A-1,,,,,,,,\r\n".encode())
    client.post("/case-desk/import/", {"lab": own().pk, "file": faulty})
    errors = client.get(f"/case-desk/import/{CaseImport.objects.latest('pk').pk}/errors.csv")
    assert "題名が空欄です。" in b"".join(errors).decode()  # type: ignore[call-overload]


def add(case: Case, name: str = "畦.png", data: bytes = PIXEL, **more: Any) -> CasePhoto:
    upload = SimpleUploadedFile(name, data)
    words = {"alt": "畦に立てた水位センサー", "caption": "", "people_agreed": True, **more}
    return photos.add_photo(case=case, upload=upload, by=STAFF, **words)


@pytest.mark.django_db
def test_a_photo_is_as_public_as_its_case(client: Client) -> None:
    case = made()
    photo = add(case)
    assert (photo.width, photo.height) == (1, 1)
    address = f"/cases/{case.number}/photos/{photo.pk}/"
    assert client.get(address).status_code == 404
    writing.send_case(case=case)
    writing.publish_case(case=case)
    assert client.get(address).headers["Content-Type"] == "image/png"
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert 'alt="畦に立てた水位センサー"' in page
    assert "<svg" in page.split("このページのアドレスのQRコード")[1][:200]
    for wrong in ({"alt": " "}, {"people_agreed": False}, {"name": "x.pdf"}):
        with pytest.raises(NotAllowed):
            add(case, **wrong)


@pytest.mark.django_db
def test_a_company_agrees_to_the_photos_too() -> None:
    case = made(company="株式会社甲")
    writing.send_case(case=case)
    consent = writing.ask_consent(case=case, name="担当", email="a@example.jp")
    add(case)
    consent.refresh_from_db()
    assert consent.answer == "replaced"
    case.refresh_from_db()
    again = writing.ask_consent(case=case, name="担当", email="a@example.jp")
    assert "畦に立てた水位センサー" in again.text
    photo = case.photos.get()
    photos.remove_photo(photo=photo, by=STAFF)
    assert CaseConsent.objects.get(pk=again.pk).answer == "replaced"


@pytest.mark.django_db
def test_the_editor_sees_what_changed(client_of: Any) -> None:
    case = made()
    writing.send_case(case=case)
    assert comparing.changes_since_last_time(case) == (None, [])
    writing.return_case(case=case, note="数を")
    case.refresh_from_db()
    case.problem = "困りごとは見回り"
    writing.keep_case(case, inner=case.inner, results=None, policies=None, by=STAFF, seen=None)
    writing.send_case(case=case)
    before, (one,) = comparing.changes_since_last_time(case)
    assert before is not None
    assert (one.before, one.after) == ("困りごと", "困りごとは見回り")
    page = client_of("ipa").get(f"/case-desk/{case.number}/changes/").content.decode()
    assert "は見回り" in page
    assert "<ins>" in page


def test_sizes_of_pictures() -> None:
    from tsunagu.engines.uploads import UploadRefused
    from tsunagu.engines.uploads.images import image_size

    jpeg = base64.b64decode("/9j/4AAQSkZJRgABAQAAAQABAAD/wAALCAACAAMBAREA/9oACAEBAAA/AAD/2Q==")
    assert image_size(jpeg) == (3, 2)
    assert image_size(PIXEL) == (1, 1)
    with pytest.raises(UploadRefused):
        image_size(io.BytesIO(b"\xff\xd8").getvalue())


def test_only_its_office_takes_lists_in(client_of: Any) -> None:
    page = client_of("lab_member").get("/case-desk/import/").content.decode()
    assert f'value="{lab().pk}"' not in page


def test_a_list_leaves_alone_what_it_has_no_column_for(office: Any, client_of: Any) -> None:
    short = "管理番号,題名,概要,ﾋｺｳ\r\nA-1,水位を測る,田んぼの水位,覚え\r\n"
    importing.apply_list(batch=checked(short, office), by=office)
    case = taken().get()
    form = {
        **CaseForm(instance=case).as_data(),
        "problem": "見回り",
        "frankly": "内緒",
        "company": "甲社",
        "stage": "begun",
    }
    client = client_of("lab_office")
    assert client.post(f"/case-desk/{case.number}/edit/", form).status_code == 302
    again = checked(short, office)
    assert (again.changed_count, again.same_count, again.error_count) == (0, 1, 0)
    other = checked(short.replace("田んぼの水位", "棚田の水位"), office)
    page = client.get(f"/case-desk/import/{other.pk}/").text
    assert "ひとことで" in page
    assert "ﾋｺｳ" in page
    importing.apply_list(batch=other, by=office)
    case.refresh_from_db()
    assert (case.summary, case.problem, case.company, case.stage) == ("棚田の水位", "見回り", "甲社", "begun")
    assert case.inner.frankly == "内緒"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("不良率 0.004 → 0.001 ％", "0.001"), ("売上 → 99999999999999999999 円", None), ("率 → 0.0000001 ％", None),
        ("長" * 101 + " → 1 件", None),
    ],
)  # fmt: skip
def test_a_result_is_kept_as_it_was_typed_or_refused(
    office: Any, client_of: Any, typed: str, stored: str | None
) -> None:
    case = made(own())
    data = {**CaseForm(instance=case).as_data(), "result_lines": typed}
    answer = client_of("lab_office").post(f"/case-desk/{case.number}/edit/", data)
    assert answer.status_code == (422 if stored is None else 302)
    assert [one.became for one in case.results.all()] == ([] if stored is None else [stored])
    rows = f"題名,成果の数\r\n題,{typed}\r\n"
    assert bool(checked(rows, office).error_count) == (stored is None)


def test_what_is_public_stays_whole(client_of: Any) -> None:
    case = made(own())
    writing.send_case(case=case)
    writing.publish_case(case=case)
    ipa, edit = client_of("ipa"), f"/case-desk/{case.number}/edit/"

    def sent(**change: Any) -> Any:
        case.refresh_from_db()
        return ipa.post(edit, {**CaseForm(instance=case).as_data(), **change})

    assert sent(stage="stopped").status_code == 422
    assert (
        ipa.post(
            f"/case-desk/{case.number}/autosave/", {**CaseForm(instance=case).as_data(), "stage": "stopped"}
        ).status_code
        == 200
    )
    assert sent(problem="").status_code == 422
    assert sent(problem="別の困りごと").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.problem) == (CaseState.PUBLISHED, "別の困りごと")
    # A company that is named now has not agreed to anything yet.
    assert sent(company="甲社").status_code == 302
    case.refresh_from_db()
    assert (case.state, case.published_at) == (CaseState.EDITING, None)


@pytest.mark.django_db
def test_a_company_sees_all_it_agrees_to_and_nothing_afterwards(client: Client) -> None:
    case = made(own(), company="甲社", source="会社の決算書")
    add(case)
    writing.send_case(case=case)
    asked = writing.ask_consent(case=case, name="担当", email="a@example.jp")
    address, picture = f"/case-desk/consent/{asked.token}/", case.photos.get().pk
    page = client.get(address).text
    assert "会社の決算書" in page
    assert f"{address}photos/{picture}/" in page
    assert client.get(f"{address}photos/{picture}/").status_code == 200
    assert client.get(f"/case-desk/consent/nobody/photos/{picture}/").status_code == 404
    writing.answer_consent(consent=asked, given=True, name="担当", reason="")
    Case.objects.filter(pk=case.pk).update(source="会社の決算書。売上は半分")
    case.refresh_from_db()
    assert not writing.may_publish(case)
    CaseConsent.objects.filter(pk=asked.pk).update(answer="refused")
    assert "会社の決算書" not in client.get(address).text
    assert client.get(f"{address}photos/{picture}/").status_code == 404


def test_two_writers_see_everything_of_each_other(client_of: Any) -> None:
    case = made(own())
    client, edit = client_of("lab_office"), f"/case-desk/{case.number}/edit/"
    first = CaseForm(instance=case).as_data()
    theirs = {"technology_lines": "AI", "result_lines": "件数 1 → 2 件", "frankly": "Aの内緒"}
    assert client.post(edit, {**first, **theirs}).status_code == 302
    page = client.post(edit, {**first, "problem": "Bの困りごと"})
    assert page.status_code == 409
    for text in (*theirs.values(), "Bの困りごと"):
        assert text in page.text
    assert "QuerySet" not in page.text
    assert "registry.Policy" not in page.text


def test_characters_nobody_sees_break_no_feed(client: Client, client_of: Any) -> None:
    case = made(own())
    data = {**CaseForm(instance=case).as_data(), "title": "題\x0b名\x1b", "summary": "一言\u202e"}
    client_of("lab_office").post(f"/case-desk/{case.number}/edit/", data)
    case.refresh_from_db()
    assert (case.title, case.summary) == ("題 名", "一言")
    writing.send_case(case=case)
    writing.publish_case(case=case)
    Case.objects.filter(pk=case.pk).update(title="題\x0b名")
    assert client.get("/cases/feed.atom").status_code == 200


def test_pictures_keep_which_side_is_up_and_nothing_else_about_whoever_took_them() -> None:
    from struct import pack

    from tsunagu.engines.uploads.images import image_size, without_private_parts

    tags = pack(">HHIHH", 0x0112, 3, 1, 6, 0) + pack(">HHII", 0x8825, 4, 1, 26)
    exif = b"Exif\0\0MM\0*" + pack(">IH", 8, 2) + tags + b"\0\0\0\0" + b"secret place"
    frame = b"\xff\xc0" + pack(">HBHHB", 11, 8, 200, 400, 1) + b"\x01\x11\x00"
    whole = b"\xff\xd8\xff\xe1" + pack(">H", len(exif) + 2) + exif + frame + b"\xff\xda\x00\x02\xff\xd9"
    clean = without_private_parts(whole)
    assert b"secret" not in clean
    assert image_size(whole) == image_size(clean) == (200, 400)
    assert without_private_parts(clean) == clean
    chunk = pack(">I", 6) + b"tEXt" + b"secret" + b"\0\0\0\0"
    assert without_private_parts(PIXEL[:33] + chunk + PIXEL[33:]) == PIXEL


def test_a_draft_begun_by_mistake_can_be_taken_away_and_nothing_else(client_of: Any) -> None:
    case, client = made(own()), client_of("lab_office")
    add(case)
    desk, act = f"/case-desk/{case.number}/", f"/case-desk/{case.number}/act/"
    assert "この下書きを消す" in client.get(desk).text
    assert client_of("lab_office", lab="390003").post(act, {"act": "remove"}).status_code == 404
    client.post(act, {"act": "remove"})
    assert not Case.objects.filter(pk=case.pk).exists()
    assert client.get(desk).status_code == 404
    kept = made(own())
    writing.send_case(case=kept)
    writing.publish_case(case=kept)
    writing.reopen_case(case=kept)
    page = client.get(f"/case-desk/{kept.number}/").text
    assert "この下書きを消す" not in page
    assert "取り下げる" in page
    with pytest.raises(NotAllowed):
        writing.remove_draft(case=kept)
    writing.withdraw_case(case=kept, why="outdated")
    assert client.get(f"/cases/{kept.number}/").status_code == 410
    shown = made(own(), company="甲社")
    writing.send_case(case=shown)
    writing.ask_consent(case=shown, name="担当", email="a@example.jp")
    writing.return_case(case=shown, note="直してください")
    with pytest.raises(NotAllowed):
        writing.remove_draft(case=shown)
