"""The WSGI entry point that application servers import."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from tsunagu.config.start_checks import refuse_weak_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagu.config.settings")
application = get_wsgi_application()
refuse_weak_start()
# What start-up made lives as long as the process: looking through it at every collection only slows pages down.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
