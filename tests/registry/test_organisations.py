"""Organisations: kept as typed, found in any spelling, merged without losing anything."""

from typing import Any

import pytest

from tsunagu.engines.dates import PartialDate
from tsunagu.registry.merging import MergeRefused, merge_organisations
from tsunagu.registry.models import Lab, LocalGovernment, MemberOrg, Organisation
from tsunagu.registry.selectors import organisations
from tsunagu.registry.services import save_organisation
from tsunagu.sharing.viewer import PUBLIC

pytestmark = pytest.mark.django_db


def organisation(name: str, **fields: Any) -> Organisation:
    return save_organisation(Organisation(name=name, **fields))


@pytest.mark.parametrize("name", ["𠮷野家", "髙島屋", "ﾂﾅｸﾞ商会", "葛󠄀城市商工会", "㈱〜㋿"])
def test_names_are_stored_as_typed(name: str) -> None:
    assert Organisation.objects.get(pk=organisation(name).pk).name == name


@pytest.mark.parametrize("text", ["高島屋", "髙島屋", "髙 島 屋"])
def test_found_in_any_spelling(text: str, viewer_of: Any) -> None:
    wanted = organisation("髙島屋")
    assert list(organisations(viewer_of("ipa"), text=text)) == [wanted]


def test_the_public_lists_no_organisations() -> None:
    organisation("見えない会社")
    assert not organisations(PUBLIC, text="見えない").exists()


def test_merging_moves_memberships_and_fills_gaps() -> None:
    keep = organisation("津山信金")
    drop = Organisation.objects.get(name="津山信用金庫")
    Organisation.objects.filter(pk=drop.pk).update(
        website="https://example.jp/", corporate_number="4000012090001"
    )
    lab = Lab.objects.get(slug="332038")
    merge_organisations(keep=keep, drop=drop, reason="同じ信用金庫")
    keep.refresh_from_db()
    drop.refresh_from_db()
    assert keep.memberships.get().lab == lab
    assert (keep.website, keep.corporate_number) == ("https://example.jp/", "4000012090001")
    assert (drop.merged_into, drop.merge_reason) == (keep, "同じ信用金庫")


def test_a_membership_both_have_is_kept_once() -> None:
    lab = Lab.objects.get(slug="332038")
    drop = Organisation.objects.get(name="津山信用金庫")
    keep = organisation("津山信金")
    MemberOrg.objects.create(lab=lab, organisation=keep, role="member")
    before = lab.members.count()
    merge_organisations(keep=keep, drop=drop, reason="重複")
    assert lab.members.count() == before - 1


def test_a_stay_both_have_is_one_from_its_earliest_known_day() -> None:
    lab = Lab.objects.get(slug="332038")
    keep, drop = organisation("津山の会社"), organisation("津山会社")

    def stay(of: Organisation, start: str | None, end: str | None = None, source: str = "") -> None:
        days = [PartialDate.from_iso(day) if day else None for day in (start, end)]
        MemberOrg.objects.create(
            lab=lab, organisation=of, role="member", valid_from=days[0], valid_to=days[1], source=source
        )

    stay(keep, "2021-04", source="年次報告")
    stay(drop, "2019-06", source="申請書")
    stay(keep, None, "2016")
    stay(drop, "2015", "2016")
    stay(drop, "2017", "2018")
    merge_organisations(keep=keep, drop=drop, reason="重複")
    found = {
        (one.valid_from and one.valid_from.iso, one.valid_to and one.valid_to.iso)
        for one in keep.memberships.all()
    }
    assert found == {("2019-06", None), ("2015", "2016"), ("2017", "2018")}
    assert keep.memberships.get(valid_to=None).source == "年次報告\n申請書"
    assert not drop.memberships.exists()


def test_merging_refuses_what_cannot_be_one_body() -> None:
    first = organisation("甲", corporate_number="4000012090001")
    second = organisation("乙", corporate_number="7000012050002")
    with pytest.raises(MergeRefused, match="two_corporate_numbers"):
        merge_organisations(keep=first, drop=second, reason="x")
    with pytest.raises(MergeRefused, match="same"):
        merge_organisations(keep=first, drop=first, reason="x")


def test_merge_page_previews_before_it_changes(client_of: Any) -> None:
    keep, drop = organisation("津山信金"), Organisation.objects.get(name="津山信用金庫")
    client = client_of("ipa")
    address = f"/office/organisations/{keep.pk}/merge/{drop.pk}/"
    page = client.get(address).content.decode()
    assert "構成員の記録1件が「残す組織」に移ります" in page
    assert client.post(address, {"reason": ""}).status_code == 422
    drop.refresh_from_db()
    assert drop.merged_into is None
    assert client.post(address, {"reason": "同じ"}).status_code == 302
    drop.refresh_from_db()
    assert drop.merged_into == keep


def test_members_join_by_name_and_similar_names_are_shown_first(client_of: Any) -> None:
    client = client_of("ipa")
    address = "/office/labs/410004/members/new/"
    kyushu_lab = Lab.objects.get(slug="410004")
    organisation("髙木電機", prefecture=LocalGovernment.objects.get(name="佐賀県"))
    answer = client.post(address, {"organisation_name": "高木電機", "role": "member"})
    assert answer.status_code == 422
    assert "髙木電機" in answer.content.decode()
    answer = client.post(
        address,
        {"organisation_name": "髙木電機", "role": "member", "valid_from": "令和5年4月", "valid_to": ""},
    )
    assert answer.status_code == 302
    member = kyushu_lab.members.get(organisation__name="髙木電機")
    assert member.valid_from == PartialDate(2023, 4)
    wrong = client.post(
        f"/office/members/{member.pk}/", {"role": "member", "valid_from": "2023-04", "valid_to": "2022"}
    )
    assert wrong.status_code == 422
