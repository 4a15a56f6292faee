"""Every route as every role: undeclared routes do not exist, and nobody sees what is not theirs."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from tests.conftest import ROLES

from tsunagu.sharing.audience import Audience, declared_audience

READABLE = {
    Audience.PUBLIC: {"public", *ROLES},
    Audience.SIGNED_IN: set(ROLES),
    Audience.STAFF: {"meti", "ipa", "bureau"},
    Audience.SECRETARIAT: {"meti", "ipa"},
}


def routes(patterns: Any = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of the site with its full name."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
            yield from routes(one.url_patterns, inner)
        else:
            yield f"{namespace}{one.name}", one


ALL_ROUTES = dict(routes())


@pytest.fixture
def addresses(db: None) -> dict[str, str]:
    """An existing address for every route, made from the real records."""
    from tsunagu.findings.models import Finding
    from tsunagu.registry.importing.batches import check_upload
    from tsunagu.registry.models import Designation, Lab, MemberOrg, Organisation, Round, StatusEvent
    from tsunagu.sharing.viewer import Viewer

    lab = Lab.objects.get(slug="410004")
    first, second = Organisation.objects.order_by("pk")[:2]
    batch = check_upload(by=Viewer(), kind="labs", file_name="a.csv", content="地域名,都道府県\n,\n".encode())
    samples: dict[str, Any] = {
        "slug": lab.slug,
        "code": "kanto",
        "key": "dx-1",
        "kind": "csv",
        "token": "unknown",
        "keep": first.pk,
        "drop": second.pk,
    }
    keys = {
        "office:edit_designation": Designation.objects.filter(lab__region__bureau__code="kanto").first(),
        "office:new_event": Designation.objects.filter(lab__region__bureau__code="kanto").first(),
        "office:void_event": StatusEvent.objects.filter(
            designation__lab__region__bureau__code="kanto"
        ).first(),
        "office:edit_member": MemberOrg.objects.filter(lab=lab).first(),
        "office:organisation": first,
        "office:edit_organisation": first,
        "office:edit_round": Round.objects.first(),
        "office:import": batch,
        "office:apply_import": batch,
        "office:import_errors": batch,
        "findings:finding": Finding.objects.first(),
        "findings:reopen": Finding.objects.first(),
    }
    found = {}
    for name, pattern in ALL_ROUTES.items():
        wanted = pattern.pattern.converters
        arguments = {key: keys[name].pk if key == "pk" else samples[key] for key in wanted}
        if name == "figures:figure":
            arguments = {"code": "F05"}
        found[name] = reverse(name, kwargs=arguments)
    return found


def test_every_route_declares_its_audience() -> None:
    undeclared = [name for name, pattern in ALL_ROUTES.items() if declared_audience(pattern.callback) is None]
    assert undeclared == []


def test_a_route_without_audience_does_not_exist(rf: Any) -> None:
    from django.http import Http404, HttpResponse

    from tsunagu.sharing.middleware import AudienceMiddleware

    def forgotten(request: Any) -> HttpResponse:
        return HttpResponse("secret")

    with pytest.raises(Http404):
        AudienceMiddleware(forgotten).process_view(rf.get("/"), forgotten, (), {})


@pytest.mark.parametrize("role", ["public", *ROLES])
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete"])
def test_walk(role: str, method: str, client_of: Any, addresses: dict[str, str]) -> None:
    """Whoever is outside a route's audience gets 404, or the sign-in page when not signed in and reading."""
    client = client_of(role)
    client.raise_request_exception = True
    for name, address in addresses.items():
        audience = declared_audience(ALL_ROUTES[name].callback)
        assert audience is not None
        answer = getattr(client, method)(address)
        if role in READABLE[audience]:
            assert answer.status_code != 500, (name, method)
            continue
        if role == "public" and method in {"get", "head"}:
            assert answer.status_code == 302, (name, method)
            assert answer.headers["Location"].startswith("/sign-in/"), (name, method)
        else:
            assert answer.status_code == 404, (name, method)


@pytest.mark.parametrize(
    "address", ["office:lab", "office:edit_lab", "office:new_member", "office:new_designation"]
)
def test_a_bureau_edits_its_own_labs_only(address: str, client_of: Any) -> None:
    client = client_of("bureau", bureau="kanto")
    assert client.get(reverse(address, args=["152021"])).status_code == 200  # 長岡市, 関東
    assert client.get(reverse(address, args=["410004"])).status_code == 404  # 佐賀県, 九州


def test_every_answer_carries_the_security_headers(client_of: Any, addresses: dict[str, str]) -> None:
    client = client_of("ipa")
    for address in [*addresses.values(), "/no-such-page/"]:
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'self'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "no-store" in answer.headers["Cache-Control"]


def test_reading_changes_nothing(client_of: Any, addresses: dict[str, str]) -> None:
    from django.apps import apps

    def counts() -> dict[str, int]:
        models = [
            model
            for model in apps.get_models()
            if model._meta.app_label in {"registry", "figures", "findings"}
        ]
        return {model._meta.label: model._default_manager.count() for model in models}

    client = client_of("ipa")
    before = counts()
    for address in addresses.values():
        client.get(address)
    assert counts() == before


def test_english_exists_for_public_pages_only(addresses: dict[str, str]) -> None:
    with translation.override("en"):
        assert reverse("portal:labs") == "/en/labs/"
        assert reverse("office:home") == "/office/"
