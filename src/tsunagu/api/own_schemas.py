"""What a lab's own program sends and gets: activities and cases. Values are checked by the same forms people fill in."""

from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

from tsunagu.cases.models import LARGEST_RESULT
from tsunagu.engines.controls import BETWEEN_LINES, IN_A_LINE

MOST_AT_ONCE = 500
LARGEST = float(LARGEST_RESULT)
ONE_LINE = f"^[^{IN_A_LINE}]*$"
LINES = f"^[^{BETWEEN_LINES}]*$"
Line = Annotated[str, StringConstraints(max_length=300, pattern=ONE_LINE)]
Name = Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)]
Long = Annotated[str, StringConstraints(max_length=4000, pattern=LINES)]
When = Annotated[str, StringConstraints(max_length=40, pattern=ONE_LINE)]
Key = Annotated[str, StringConstraints(max_length=60, pattern=r"^[-:_a-zA-Z0-9]*$")]
Visible = Literal["public", "labs", "region", "parties"]


class Strict(Schema):
    """Nothing but what is described: a misspelt name must not be lost."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CompanyIn(Strict):
    """A company an activity helped: its name, its 法人番号, or both."""

    # A list of companies is parted at these.
    name: Annotated[str, StringConstraints(max_length=200, pattern=f"^[^{IN_A_LINE};；]*$")] = ""
    corporate_number: Annotated[str, StringConstraints(pattern=r"^([0-9]{13})?$")] = ""


class ActivityIn(Strict):
    """An activity as the log takes it."""

    kind: Annotated[Key, StringConstraints(min_length=1)] = Field(description="種類の記号（/activity-kinds）")
    title: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=ONE_LINE)]
    started_on: When = Field(description="行った日。2024-01-31 や 令和6年1月31日")
    ended_on: When | None = None
    people: int | None = Field(None, ge=0, le=1_000_000)
    companies: list[CompanyIn] = Field([], max_length=500)
    labs: list[Key] = Field([], max_length=50, description="一緒に行ったラボの番号（/labs）")
    others: list[Name] = Field([], max_length=50, description="一緒に行った組織の名前")
    policies: list[Key] = Field([], max_length=50, description="使った施策の記号（/policies）")
    summary: Long = ""
    evidence_link: Line = ""
    audience: Visible | None = Field(
        None, description="公開範囲。無ければ、はじめは種類に合わせ（多くは公開）、直すときは変えない"
    )


class ActivitiesIn(Strict):
    """Activities to record in one go: all of them, or none."""

    activities: list[ActivityIn] = Field(min_length=1, max_length=MOST_AT_ONCE)


class ActivityChange(ActivityIn):
    """An activity as it shall read from now on; `version` is the one last read."""

    version: int = Field(ge=0, le=1_000_000)


class ActivityOut(Schema):
    """An activity of the lab's log."""

    id: int
    version: int
    kind: str
    title: str
    started_on: str
    ended_on: str | None
    people: int | None
    companies: list[CompanyIn]
    labs: list[str]
    others: list[str]
    policies: list[str]
    summary: str
    evidence_link: str
    audience: str


class Recorded(Schema):
    """What was recorded, or with `dry_run` would be."""

    dry_run: bool
    activities: list[ActivityOut]


class OwnActivities(Schema):
    """A page of the lab's log, its drafts and what it shares with nobody included."""

    total: int
    items: list[ActivityOut]


class ResultIn(Strict):
    """A result in figures."""

    measure: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=ONE_LINE)]
    before: float | None = Field(None, gt=-LARGEST, lt=LARGEST, description="小数は6けたまで")
    after: float = Field(gt=-LARGEST, lt=LARGEST, description="小数は6けたまで")
    unit: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=ONE_LINE)]


class CaseIn(Strict):
    """A case as its lab writes it: everything but the title may wait."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=ONE_LINE)]
    about: Literal["lab", "company", "project"] = "company"
    company: Name = ""
    prefecture_code: Key = ""
    industry: Key = Field("", description="業種の記号（/case-codes）")
    field: Key = Field("", description="分野の記号（/case-codes）")
    summary: Annotated[str, StringConstraints(max_length=300, pattern=LINES)] = ""
    problem: Long = ""
    approach: Long = ""
    technologies: list[
        Annotated[str, StringConstraints(max_length=40, pattern=f"^[^{IN_A_LINE}、,，]*$")]
    ] = Field([], max_length=12)
    cost: Literal["", "none", "low", "middle", "high", "top"] = ""
    months: int | None = Field(None, ge=1, le=1000)
    staff: Name = ""
    outcome: Long = ""
    results: list[ResultIn] = Field([], max_length=10)
    failed: Long = ""
    conditions: Long = ""
    stage: Literal["heard", "begun", "done", "settled", "stopped"] = "done"
    stopped_why: Line = ""
    began_on: When = ""
    policies: list[Key] = Field([], max_length=50)
    source: Long = ""
    frankly: Long = Field("", description="ラボだけに話すこと。公開されない")
    contact: Annotated[str, StringConstraints(max_length=200, pattern=ONE_LINE)] = Field(
        "", description="聞ける相手。公開されない"
    )


class CaseChange(CaseIn):
    """A case as it shall read from now on; `version` is the one last read."""

    version: int = Field(ge=0, le=1_000_000)


class CaseOut(Schema):
    """A case of the lab, wherever it stands."""

    id: str
    version: int
    state: str
    title: str
    about: str
    company: str
    prefecture_code: str
    industry: str
    field: str
    summary: str
    problem: str
    approach: str
    technologies: list[str]
    cost: str
    months: int | None
    staff: str
    outcome: str
    results: list[ResultIn]
    failed: str
    conditions: str
    stage: str
    stopped_why: str
    began_on: str
    policies: list[str]
    source: str
    frankly: str
    contact: str
    missing: list[str] = Field(description="編集者に渡す前に足りないもの")
    url: str = Field(description="人が続きを書くページ")


class CaseKept(Schema):
    """The case as kept, or with `dry_run` as it would be."""

    dry_run: bool
    case: CaseOut


class OwnCases(Schema):
    """A page of the lab's cases."""

    total: int
    items: list[CaseOut]
