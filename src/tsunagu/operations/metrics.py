"""Numbers for a monitoring system, in Prometheus' text format."""

import os
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from tsunagu.operations.selectors import gauges

# One registry for each web process; who collects tells them apart by the label and adds them up.
OWN = CollectorRegistry()
PROCESS = str(os.getpid())
REQUESTS = Counter("tsunagu_requests", "Answers by kind of status", ["process", "status"], registry=OWN)
SECONDS = Histogram(
    "tsunagu_request_seconds",
    "Seconds to an answer",
    ["process"],
    registry=OWN,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class MetricsMiddleware:
    """Counts answers and their time; keeps nothing about who asked for what."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        REQUESTS.labels(PROCESS, f"{response.status_code // 100}xx").inc()
        SECONDS.labels(PROCESS).observe(time.perf_counter() - started)
        return response


def text() -> bytes:
    """Everything there is to collect now."""
    now = CollectorRegistry()
    for name, what, value in gauges():
        Gauge(name, what, registry=now).set(value)
    return generate_latest(now) + generate_latest(OWN)
