"""A month of 600 requests and 150 experts, proposed with reasons through the product's own page. `python -m bench.dispatch`."""

import random
import time
from collections.abc import Iterator
from datetime import date

from bench.numbers import Number, at_most, exactly
from bench.place import set_up

REQUESTS, EXPERTS = 600, 150
SEED = 20260401
MONTH = date(2027, 2, 1)


def make() -> None:
    """Experts, six in ten of them in Tokyo, and requests of every lab; seeded."""
    from django.utils import timezone

    from tsunagu.accounts.models import Person
    from tsunagu.cases.models import Industry
    from tsunagu.experts.models import DispatchRequest, DispatchRules, Expert, Theme
    from tsunagu.registry.models import Lab, LocalGovernment

    dice = random.Random(SEED)
    themes, industries = list(Theme.objects.all()), list(Industry.objects.all())
    homes = list(LocalGovernment.objects.filter(prefecture=None))
    tokyo = next(one for one in homes if one.lg_code == "130001")
    DispatchRules.objects.create(most_of_a_lab=20)
    for number in range(EXPERTS):
        person = Person.objects.create_person(f"e{number}@example.invalid", f"計測 {number}")
        expert = Expert.objects.create(
            person=person, headline="計測", home=tokyo if dice.random() < 0.6 else dice.choice(homes),
            confirmed_on=timezone.localdate(), most_a_month=4, most_a_year=12,
        )  # fmt: skip
        expert.themes.set(dice.sample(themes, 3))
        expert.industries.set(dice.sample(industries, 4))
    labs = list(Lab.objects.all())
    DispatchRequest.objects.bulk_create(
        DispatchRequest(
            number=f"D-{number + 1:04d}", lab=labs[number % len(labs)], state="ready", title=f"計測の相談{number}",
            theme=dice.choice(themes), industry=dice.choice(industries), situation="状況", goal="目標", month=MONTH,
            mode=dice.choice(["online", "onsite", "either"]), sent_at=timezone.now(),
        )
        for number in range(REQUESTS)
    )  # fmt: skip


def measure() -> Iterator[Number]:
    """Seconds from the question to the whole page, and that nobody carries more than they said."""
    set_up()
    make()
    from django.conf import settings
    from django.test import Client

    from tsunagu.accounts.services import invite_person
    from tsunagu.experts.services.batching import plan_month

    settings.TSUNAGU_REQUIRE_TWO_STEPS = False
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.force_login(invite_person(email="bench-ipa@example.invalid", name="計測", role="ipa"))
    client.get("/dispatch/")
    started = time.perf_counter()
    answer = client.get(f"/office/dispatch/month/?month={MONTH.isoformat()}")
    took = time.perf_counter() - started
    assert answer.status_code == 200
    yield at_most("dispatch.month_of_600_by_150", round(took, 2), 5, "s")
    plan = plan_month(MONTH)
    loads = plan.solution.loads.values()
    yield exactly("dispatch.over_their_limit", sum(one > 4 for one in loads), 0)
    yield exactly(
        "dispatch.requests_without_a_reason", sum(not reasons for *_row, reasons, _missing in plan.rows), 0
    )


if __name__ == "__main__":
    for number in measure():
        print(number.line(), flush=True)
