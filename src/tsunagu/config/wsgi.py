"""The WSGI entry point that application servers import."""

import os

from django.core.wsgi import get_wsgi_application

from tsunagu.config.collecting import collect_seldom
from tsunagu.config.start_checks import refuse_weak_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tsunagu.config.settings")
application = get_wsgi_application()
refuse_weak_start()
collect_seldom()
