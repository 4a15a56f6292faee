"""Every form sent twice at the same moment, over real HTTP to two web processes: how many were taken twice?

`python -m bench.double_submit [how many submits]`.
"""

import re
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import requests

from bench.crash import hidden, signed_in
from bench.numbers import Number, exactly
from bench.place import server, set_up

SUBMITS = 10_000
TOGETHER = 16
FORM = "/office/labs/410004/contacts/new/"


def run(submits: int) -> tuple[int, int, int, float]:
    """(forms sent twice, records made, forms whose two answers differ, seconds)."""
    set_up()
    from django.core.management import call_command

    from tsunagu.registry.models import LabContact

    pairs = submits // 2
    with server(workers=2) as (address, _process):
        said = StringIO()
        call_command("print_demo_links", base_url=address, stdout=said)
        cookies = signed_in(re.findall(r"https?://\S+", said.getvalue())[0]).cookies
        own = threading.local()

        def session() -> requests.Session:
            if not hasattr(own, "session"):
                own.session = requests.Session()
                own.session.cookies.update(cookies)
            return own.session  # type: ignore[no-any-return]

        def fetch(number: int) -> dict[str, str]:
            page = session().get(address + FORM, timeout=60)
            return {**hidden(page.text), "desk": f"窓口{number}", "audience": "labs"}

        def send(form: dict[str, str]) -> tuple[int, str]:
            answer = session().post(address + FORM, data=form, timeout=60, allow_redirects=False)
            return answer.status_code, answer.headers.get("Location", "")

        started = time.monotonic()
        with ThreadPoolExecutor(TOGETHER) as pool:
            forms = list(pool.map(fetch, range(pairs)))
            # Each form stands twice in a row, so that both copies are on their way together.
            answers = list(pool.map(send, [form for form in forms for _copy in range(2)]))
        seconds = time.monotonic() - started
    differ = sum(first != second for first, second in zip(answers[::2], answers[1::2], strict=True))
    assert all(status == 302 for status, _location in answers), {status for status, _location in answers}
    return pairs, LabContact.objects.filter(desk__startswith="窓口").count(), differ, seconds


def measure() -> Iterator[Number]:
    """The number of issue B."""
    pairs, records, differ, seconds = run(SUBMITS)
    print(f"# {pairs} forms sent twice each in {seconds:.0f} s")
    yield exactly("submit.duplicates_in_10000", records - pairs, 0)
    yield exactly("submit.answers_that_differ", differ, 0)


if __name__ == "__main__":
    print(run(int(sys.argv[1]) if sys.argv[1:] else SUBMITS))
