"""All addresses: public pages in two languages, the back office in Japanese."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLResolver, include, path
from django.urls.resolvers import RoutePattern


class LateResolver(URLResolver):
    """Addresses that are read when somebody first asks for one of them: the interface for programs takes 25 MB and half a
    second to describe, which whoever only shows pages goes without."""

    def _populate(self) -> None:
        """Nothing when the site gathers its addresses: those of a namespace are looked up through it alone."""


handler429 = "tsunagu.accounts.limits.too_many"

urlpatterns = [
    path("", include("tsunagu.operations.machine_urls")),
    path("office/", include("tsunagu.registry.urls")),
    path("office/", include("tsunagu.certificates.office_urls")),
    path("office/", include("tsunagu.certificates.mark_urls")),
    path("office/people/", include("tsunagu.accounts.people_urls")),
    path("office/history/", include("tsunagu.history.urls")),
    path("office/mail/", include("tsunagu.outbox.urls")),
    path("", include("tsunagu.activities.urls")),
    path("answers/", include("tsunagu.questionnaires.urls")),
    path("applications/", include("tsunagu.selection.urls_applications")),
    path("award-entries/", include("tsunagu.awards.urls")),
    path("office/awards/", include("tsunagu.awards.office_urls")),
    path("reporting/", include("tsunagu.reporting.urls")),
    path("office/reporting/", include("tsunagu.reporting.office_urls")),
    path("recommend/", include("tsunagu.recommending.urls")),
    path("companion/", include("tsunagu.recommending.companion_urls")),
    path("office/recommending/", include("tsunagu.recommending.office_urls")),
    path("review/", include("tsunagu.reviewing.urls")),
    path("office/transition/", include("tsunagu.transition.urls")),
    path("office/forms/", include("tsunagu.questionnaires.building_urls")),
    path("office/reviewing/", include("tsunagu.reviewing.office_urls")),
    path("office/surveys/", include("tsunagu.surveys.office_urls")),
    path("survey/", include("tsunagu.surveys.urls")),
    path("office/selection/", include("tsunagu.selection.urls")),
    path("dispatch/", include("tsunagu.experts.urls")),
    path("expert-desk/", include("tsunagu.experts.desk_urls")),
    path("office/dispatch/", include("tsunagu.experts.office_urls")),
    path("co-lead-desk/", include("tsunagu.talent.urls")),
    path("office/co-lead/", include("tsunagu.talent.office_urls")),
    path("case-desk/", include("tsunagu.cases.urls")),
    LateResolver(RoutePattern("api/v1/"), "tsunagu.api.urls", app_name="api", namespace="api"),
    path("api-keys/", include("tsunagu.api.key_urls")),
    path("", include("tsunagu.api.crawler_urls")),
    path("office/search/", include("tsunagu.search.office_urls")),
    path("office/findings/", include("tsunagu.findings.urls")),
    *i18n_patterns(
        # Before the rooms' own: a link's token may be any word.
        path("", include("tsunagu.accounts.library_urls")),
        path("", include("tsunagu.accounts.urls")),
        path("certificates/", include("tsunagu.certificates.urls")),
        path("", include("tsunagu.operations.urls")),
        path("calls/", include("tsunagu.selection.urls_calls")),
        path("", include("tsunagu.activities.urls_statistics")),
        path("", include("tsunagu.reporting.public_urls")),
        path("", include("tsunagu.awards.public_urls")),
        path("surveys/", include("tsunagu.surveys.public_urls")),
        path("", include("tsunagu.search.urls")),
        path("cases/", include("tsunagu.cases.public_urls")),
        path("experts/", include("tsunagu.experts.public_urls")),
        path("co-lead/", include("tsunagu.talent.public_urls")),
        path("data/", include("tsunagu.api.data_urls")),
        path("", include("tsunagu.figures.urls")),
        path("", include("tsunagu.portal.urls")),
        prefix_default_language=False,
    ),
]
