"""What the records say: the deck's contradictions, the published figures, the labs of a day."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from bench.numbers import Number, exactly
from bench.place import ROOT, set_up

DECK = ROOT / "data" / "deck_2025_02_26_p10_regions.csv"


def raised_by_the_deck() -> dict[str, bool]:
    """Which of the seven contradictions the deck's list must raise were raised."""
    from django.db import transaction

    from tsunagu.engines.dates import PartialDate
    from tsunagu.findings.services import examine_list
    from tsunagu.sharing.viewer import Viewer

    with transaction.atomic():
        examined = examine_list(
            by=Viewer(),
            title="計測",
            as_of=PartialDate(2025, 2, 26),
            file_name=DECK.name,
            content=DECK.read_bytes(),
        )
        found = [(one.code, one.params) for one in examined.findings.all()]
        transaction.set_rollback(True)

    def names(code: str) -> set[str]:
        return {params["name"] for known, params in found if known == code}

    sums = [(one["sum"], one["total"]) for code, one in found if code == "parts_do_not_add_up"]
    values = [[v["value"] for v in one["values"]] for code, one in found if code == "one_measure_two_values"]
    return {
        "109/110": (109, 110) in sums,
        "大田区 twice": "大田区" in names("row_repeated"),
        "神奈川県 twice": "神奈川県" in names("row_repeated"),
        "長岡市・柏崎市 absent": {"長岡市", "柏崎市"} <= names("recorded_but_absent"),
        "72/67": [72, 67] in values,
        "no code": bool(names("row_without_code")),
        "blank scheme": any(code == "rows_without_scheme" for code, _params in found),
    }


def measure() -> Iterator[Number]:
    """The deck's findings, the verdicts on its 42 figures, and the IoT labs of January 2024."""
    set_up()
    from tsunagu.figures.selectors import figures
    from tsunagu.registry.kinds import Scheme
    from tsunagu.registry.selectors import register
    from tsunagu.sharing.viewer import PUBLIC

    raised = raised_by_the_deck()
    yield exactly("findings.deck_contradictions_raised", f"{sum(raised.values())} of {len(raised)}", "7 of 7")
    rows = figures(PUBLIC)
    verdicts = Counter(row.verdict.value for row in rows)
    yield exactly("figures.published_rows_shown", len(rows), 42)
    computed = sum(1 for row in rows if row.computed.numerator is not None)
    yield Number(
        "ok",
        "figures.computed_beside_them",
        f"{computed} ({verdicts['agree']} agree, {verdicts['differ']} differ)",
        "as the records allow",
    )
    then = register(PUBLIC, as_of=date(2024, 1, 31))
    certain = sum(1 for lab in then.in_scheme(Scheme.IOT) if lab.is_certain)
    most = certain + len(then.in_scheme(Scheme.UNRESOLVED))
    exact = certain == most
    yield Number(
        "ok" if exact and certain == 72 else "short",
        "register.iot_labs_on_2024_01_31",
        f"{certain} certain, {most} at most",
        "72 (45 schemes unresolved in the records)",
    )
