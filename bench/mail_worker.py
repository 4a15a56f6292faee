"""A worker whose pauses between tries are shorter: `python -m bench.mail_worker FACTOR` divides them. For bench.mail_down."""

import sys


def main() -> int:
    """The product's own worker in every other way."""
    import django

    django.setup()
    from tsunagu.outbox import rules
    from tsunagu.outbox.worker import run_worker

    factor = float(sys.argv[1])
    rules.BACKOFF = tuple(pause / factor for pause in rules.BACKOFF)
    return run_worker(mails_at_once=6, patience=10)


if __name__ == "__main__":
    sys.exit(main())
