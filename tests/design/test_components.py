"""Components as a browser and a screen reader get them."""

import re
from datetime import date
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string

from tsunagu.engines.picture.bars import Bar, Part, bar_chart
from tsunagu.engines.picture.japan import Point, Shape, japan_map
from tsunagu.engines.picture.timeline import Mark, Period, timeline


class EveryKindOfField(forms.Form):
    """One field of each kind a form can have."""

    name = forms.CharField(label="名称", help_text="正式な名称")
    scheme = forms.ChoiceField(label="制度", choices=[("dx", "DX"), ("iot", "IoT")], widget=forms.RadioSelect)
    agreed = forms.BooleanField(label="確認した", required=False)


def form_html(data: dict[str, Any] | None = None) -> str:
    return Template('{% include "components/form.html" %}').render(Context({"form": EveryKindOfField(data)}))


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]+)"', html)


def test_help_and_errors_are_tied_to_their_input() -> None:
    html = form_html({"name": ""})
    assert re.search(r'<input[^>]*name="name"[^>]*aria-describedby="id_name-help id_name-error"', html)
    assert re.search(r'<input[^>]*name="name"[^>]*aria-invalid="true"', html)
    assert {"id_name-help", "id_name-error"} <= set(ids(html))


def test_a_group_of_choices_is_a_fieldset_with_its_own_error() -> None:
    html = form_html({"name": "佐賀県"})
    assert '<fieldset class="field" aria-describedby="id_scheme-error">' in html
    assert re.search(r"<legend>制度<span class=\"field__must\">", html)


def test_the_error_summary_leads_to_every_input() -> None:
    html = form_html({})
    targets = re.findall(r'<a href="#([^"]+)">', html)
    assert targets == ["id_name", "id_scheme_0"]
    assert set(targets) <= set(ids(html))
    assert len(ids(html)) == len(set(ids(html)))
    assert 'tabindex="-1" data-error-summary' in html


def test_an_empty_form_has_no_error_summary() -> None:
    assert "data-error-summary" not in form_html()


def test_a_checkbox_stands_before_its_label() -> None:
    html = form_html()
    assert html.index('name="agreed"') < html.index('<label for="id_agreed">')


def test_a_map_is_links_with_names() -> None:
    shape = Shape("010006", "M0 0l10 0 0 10z", 2, "北海道: 11件", "/labs/?prefecture=010006")
    drawn = japan_map(
        {"010006": shape.path}, (0, 0, 438, 516), {"010006": shape}, [Point(5, 5, "札幌市", "", "dx")]
    )
    html = render_to_string("components/japan_map.html", {"map": drawn, "label": "日本地図"})
    assert 'role="group" aria-label="日本地図"' in html
    assert '<a href="/labs/?prefecture=010006" aria-label="北海道: 11件">' in html
    assert "<title>札幌市</title>" in html


def test_a_bar_chart_writes_labels_and_numbers() -> None:
    chart = bar_chart([Bar("関東経済産業局", (Part("dx", 10), Part("iot", 3)), "/labs/?bureau=kanto")])
    html = render_to_string("components/bar_chart.html", {"chart": chart, "label": "局ごと"})
    assert 'aria-label="関東経済産業局 13"' in html
    assert ">関東経済産業局</text>" in html
    assert html.count('class="fill-') == 2


def test_a_timeline_is_one_picture_with_its_events_named() -> None:
    first, last = date(2016, 6, 1), date(2026, 11, 24)
    period = Period("地方版IoT推進ラボ", "iot", date(2021, 4, 30), last, earliest=date(2021, 4, 1))
    drawn = timeline([period], [Mark(0, date(2024, 9, 27), "移行", "moved")], first, last)
    html = render_to_string("components/timeline.html", {"timeline": drawn, "label": "経緯"})
    assert 'role="img" aria-label="経緯"' in html
    assert 'class="doubt"' in html
    assert ">移行</text>" in html


@pytest.mark.parametrize("beside", ["map", "chart"])
def test_a_legend_shows_what_the_picture_shows(beside: str) -> None:
    html = render_to_string(
        "components/legend.html", {"legend": [("iot", "地方版IoT推進ラボ")], beside: True}
    )
    assert ("point--iot" in html) == (beside == "map")
    assert ("fill-iot" in html) == (beside == "chart")
    assert 'aria-hidden="true"' in html


def test_links_of_numbers_say_which_number() -> None:
    html = render_to_string(
        "components/stat.html", {"label": "地域DX推進ラボ", "value": 36, "href": "/labs/"}
    )
    assert re.search(r"<a [^>]*>内訳を見る<span class=\"visually-hidden\">: 地域DX推進ラボ</span></a>", html)
