"""The back office's pages: from the wording to the ZIP, and who may see what."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tsunagu.certificates.models import Certificate, CertificateTemplate, IssueRun
from tsunagu.certificates.services import bulk
from tsunagu.registry.models import Lab, Round

pytestmark = pytest.mark.django_db


@pytest.fixture
def meti(client_of: Callable[..., Any]) -> Any:
    return client_of("meti")


@pytest.fixture
def first_round() -> Round:
    return Round.objects.get(scheme="dx", number=1)


def wording(**changes: str) -> dict[str, str]:
    return {
        "title": "選定証", "text": "{{ name }}を選定します。", "number_pattern": "地DX第{{ round }}-{{ serial }}号",
        "signatories": "大臣", "beside_code": "確かめられます。", "version": "", **changes,
    }  # fmt: skip


def test_a_round_from_the_list_to_the_zip(meti: Any, first_round: Round) -> None:
    listed = meti.get(reverse("issuing:round", args=[first_round.pk])).content.decode()
    assert "地DX第1-001号" in listed
    assert "問題は見つかりません" in listed or "ラボの名称が登録されていません" in listed
    address = reverse("issuing:round", args=[first_round.pk])
    answer = meti.post(address, {"issued_on": "2026-11-24", "awarded_on": ""})
    run = IssueRun.objects.get()
    assert answer["Location"] == reverse("issuing:run", args=[run.pk])
    waiting = meti.get(answer["Location"])
    assert waiting["Refresh"] == "3"
    assert "<progress" in waiting.content.decode()
    assert meti.get(reverse("issuing:run_zip", args=[run.pk])).status_code == 404
    bulk.print_run(run_id=run.pk)
    done = meti.get(answer["Location"])
    assert "Refresh" not in done
    assert "すべてできました" in done.content.decode()
    packed = b"".join(meti.get(reverse("issuing:run_zip", args=[run.pk])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as whole:
        assert len(whole.namelist()) == run.certificates.count()
        assert all(whole.read(name).startswith(b"%PDF-") for name in whole.namelist())
    together = b"".join(meti.get(reverse("issuing:run_pdf", args=[run.pk])).streaming_content)
    assert together.startswith(b"%PDF-")


def test_a_run_that_stopped_says_why_and_goes_on(meti: Any, first_round: Round) -> None:
    meti.post(reverse("issuing:round", args=[first_round.pk]), {"issued_on": "2026-11-24"})
    run = IssueRun.objects.get()
    IssueRun.objects.update(problem="ディスクがいっぱいです")
    shown = meti.get(reverse("issuing:run", args=[run.pk]))
    assert "ディスクがいっぱいです" in shown.content.decode()
    assert "Refresh" not in shown
    meti.post(reverse("issuing:run_again", args=[run.pk]))
    run.refresh_from_db()
    assert run.problem == ""


def test_the_wording_is_checked_previewed_and_saved(meti: Any) -> None:
    edit, preview = reverse("issuing:wording", args=["dx"]), reverse("issuing:preview", args=["dx"])
    assert meti.get(edit).status_code == 200
    seen = meti.post(preview, wording(text="見本の文です。"))
    assert seen["Content-Type"] == "application/pdf"
    assert seen.content.startswith(b"%PDF-")
    assert not CertificateTemplate.objects.exists()
    assert not Certificate.objects.exists()
    refused = meti.post(edit, wording(text="{{ nothing }}"))
    assert refused.status_code == 422
    assert "{{ nothing }}" in refused.content.decode()
    assert meti.post(edit, wording()).status_code == 302
    assert CertificateTemplate.objects.get().signatories == "大臣"
    assert meti.get(reverse("issuing:wording", args=["unresolved"])).status_code == 404


def test_a_renamed_lab_is_listed_and_reissued_and_a_certificate_revoked(
    meti: Any, first_round: Round
) -> None:
    meti.post(reverse("issuing:round", args=[first_round.pk]), {"issued_on": "2026-11-24"})
    bulk.print_run(run_id=IssueRun.objects.get().pk)
    one = Certificate.objects.order_by("serial").first()
    assert one is not None
    assert one.designation is not None
    Lab.objects.filter(pk=one.designation.lab_id).update(name="新しい名のラボ")
    assert "新しい名のラボ" in meti.get(reverse("issuing:renamed")).content.decode()
    assert "1件" in meti.get(reverse("issuing:list")).content.decode()
    answer = meti.post(reverse("issuing:reissue", args=[one.pk]))
    new = Certificate.objects.get(edition=2)
    assert answer["Location"] == reverse("issuing:certificate", args=[new.pk])
    assert "再交付 第2版" in meti.get(answer["Location"]).content.decode()
    meti.post(reverse("issuing:revoke", args=[new.pk]), {"reason": "取りやめ"})
    assert "取りやめ" in meti.get(answer["Location"]).content.decode()
    assert meti.post(reverse("issuing:revoke", args=[new.pk]), {"reason": "また"}).status_code == 422


def test_a_bureau_reads_its_own_and_changes_nothing(
    meti: Any, first_round: Round, client_of: Callable[..., Any]
) -> None:
    meti.post(reverse("issuing:round", args=[first_round.pk]), {"issued_on": "2026-11-24"})
    saga = Certificate.objects.get(designation__lab__slug="410004")
    kyushu, kanto = client_of("bureau", bureau="kyushu"), client_of("bureau", bureau="kanto")
    assert saga.number in kyushu.get(reverse("issuing:list")).content.decode()
    assert saga.number not in kanto.get(reverse("issuing:list")).content.decode()
    assert kanto.get(reverse("issuing:certificate", args=[saga.pk])).status_code == 404
    assert kyushu.post(reverse("issuing:revoke", args=[saga.pk]), {"reason": "x"}).status_code == 404
    bulk.print_run(run_id=IssueRun.objects.get().pk)
    office = client_of("lab_office")
    assert office.get(reverse("issuing:file", args=[saga.pk])).status_code == 200
    assert saga.number in office.get(reverse("marks:lab", args=["410004"])).content.decode()
    assert (
        client_of("lab_office", lab="152021").get(reverse("issuing:file", args=[saga.pk])).status_code == 404
    )
