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
    assert str(one.results.get().after) == "4.00"
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
