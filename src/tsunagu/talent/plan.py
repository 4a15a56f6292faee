"""The plan a team begins with, by the edition's type of outcome: steps with their days between start and final report.

For DX認定 they follow the five things a firm has to have decided and published (digital governance code; dossier §7).
"""

from datetime import date, timedelta

from django.utils.translation import gettext as _

# Where no day of the final report is set, a plan runs so long.
USUAL = timedelta(days=120)


def _titles(outcome_type: str) -> list[str]:
    if outcome_type == "nintei":
        return [
            _("いまの状況と課題を聞き取る"), _("経営のビジョンと方向性を決める"), _("データとデジタルを使う戦略を書く"),
            _("体制・人材・環境を決める"), _("達成の指標を決める"), _("機関で決めて公表する"),
            _("「DX認定の準備」のページで、よくある不備を確かめる"), _("DX認定を申請する"), _("最終報告をまとめる"),
        ]  # fmt: skip
    if outcome_type == "prototype":
        return [
            _("現場を見て課題を聞き取る"), _("試すことを1つに決める"), _("試作品を作る"), _("現場で使ってもらう"),
            _("直して、続け方を決める"), _("最終報告をまとめる"),
        ]  # fmt: skip
    return [
        _("地域と会社を訪ね、課題を聞き取る"), _("強みと、お客さまの求めを整理する"), _("案を3つ出して1つに決める"),
        _("お客さまや現場で確かめる"), _("収支と体制を書く"), _("最終報告をまとめる"),
    ]  # fmt: skip


def first_plan(outcome_type: str, *, begins: date, reports_on: date | None) -> list[tuple[str, date]]:
    """The steps with their days, evenly between the beginning and the final report."""
    end = reports_on if reports_on is not None and reports_on > begins else begins + USUAL
    titles = _titles(outcome_type)
    step = (end - begins) / len(titles)
    return [(title, begins + step * number) for number, title in enumerate(titles, start=1)]
