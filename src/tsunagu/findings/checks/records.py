"""The records against themselves and the published figures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from tsunagu.figures.rules import Verdict
from tsunagu.figures.selectors import FigureRow
from tsunagu.findings.checks.raised import Raised
from tsunagu.registry.kinds import RegionKind, Scheme, Status
from tsunagu.registry.models import Organisation, Region, Round
from tsunagu.registry.records import LabRecord


def unresolved_schemes(labs: Iterable[LabRecord]) -> Iterator[Raised]:
    for lab in labs:
        for one in lab.designations:
            if one.scheme == Scheme.UNRESOLVED:
                yield Raised("scheme_unresolved", lab.slug, {"name": lab.region_name, "lab": lab.slug})


def dateless_designations(labs: Iterable[LabRecord]) -> Iterator[Raised]:
    for lab in labs:
        for one in lab.designations:
            if not one.selected_label and one.scheme != Scheme.UNRESOLVED:
                yield Raised(
                    "designation_without_date",
                    f"{lab.slug}:{one.scheme}",
                    {"name": lab.region_name, "lab": lab.slug, "scheme": one.scheme},
                )


def moves_without_successor(labs: Iterable[LabRecord]) -> Iterator[Raised]:
    for lab in labs:
        followed = {one.succeeds_id for one in lab.designations}
        for one in lab.designations:
            if one.status is Status.MOVED and one.pk not in followed:
                yield Raised("moved_without_successor", lab.slug, {"name": lab.region_name, "lab": lab.slug})


def regions_without_code(regions: Iterable[Region]) -> Iterator[Raised]:
    """Groups have no 全国地方公共団体コード; where their members are not recorded they cannot be placed either."""
    for region in regions:
        if region.kind == RegionKind.GROUP:
            members = [one.name for one in region.members.all()]
            yield Raised("region_without_code", region.code, {"name": region.name, "members": members})


def incomplete_rounds(rounds: Iterable[Round], labs: Iterable[LabRecord]) -> Iterator[Raised]:
    """Rounds of which fewer, or more, designations are recorded than were announced."""
    recorded: dict[int | None, int] = defaultdict(int)
    for lab in labs:
        for one in lab.designations:
            recorded[one.round_id] += 1
    for announced in rounds:
        if announced.published_count is not None and recorded[announced.pk] != announced.published_count:
            yield Raised(
                "round_incomplete",
                announced.key,
                {
                    "round": announced.key,
                    "name": str(announced),
                    "recorded": recorded[announced.pk],
                    "published": announced.published_count,
                },
            )


def repeated_organisations(organisations: Iterable[Organisation]) -> Iterator[Raised]:
    """Organisations of one prefecture whose names differ in spelling only."""
    twins: dict[tuple[str, str | None], list[Organisation]] = defaultdict(list)
    for one in organisations:
        twins[one.name_folded, one.prefecture_id].append(one)
    for (folded, prefecture), group in sorted(twins.items(), key=lambda item: item[0][0]):
        if len(group) > 1:
            yield Raised(
                "organisation_repeated",
                f"{folded}|{prefecture or ''}"[:200],
                {"names": [one.name for one in group], "ids": [one.pk for one in group]},
            )


def differing_figures(rows: Iterable[FigureRow]) -> Iterator[Raised]:
    """Published figures the records contradict."""
    for row in rows:
        count = row.computed.numerator
        if row.verdict is Verdict.DIFFER and count is not None:
            yield Raised(
                "figure_differs",
                row.published.code,
                {
                    "figure": row.published.code,
                    "published": row.published.numerator,
                    "low": count.low,
                    "high": count.high,
                    "as_of": row.as_of.isoformat(),
                    "statement": row.published.statement,
                },
            )
