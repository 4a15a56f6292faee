"""Addresses that crawlers and harvesting catalogues know beforehand."""

from django.urls import path

from tsunagu.api.views import data, machines

app_name = "crawlers"
urlpatterns = [
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.site_map, name="site_map"),
    path("api/3/action/package_list", data.package_list, name="package_list"),
    path("api/3/action/package_show", data.package_show, name="package_show"),
]
