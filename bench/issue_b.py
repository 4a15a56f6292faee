"""Numbers of issue B: people, roles, sharing, history, outbox."""

from bench import double_submit, kill, mail_down, oidc, restore, tamper, walk
from bench.numbers import Measure

MEASURES: list[Measure] = [
    walk.measure,
    oidc.measure,
    tamper.measure,
    restore.measure,
    kill.measure,
    double_submit.measure,
    mail_down.numbers,
]
