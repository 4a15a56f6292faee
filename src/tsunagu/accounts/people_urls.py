"""Addresses about people and roles."""

from django.urls import path

from tsunagu.accounts import people_views as views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("invite/", views.invite, name="invite"),
    path("own/", views.own_roles, name="own_roles"),
    path("view-as/end/", views.end_view_as, name="end_view_as"),
    path("roles/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("roles/<int:pk>/end/", views.end, name="end"),
    path("roles/<int:pk>/hand-over/", views.hand_over, name="hand_over"),
    path("roles/<int:pk>/view-as/", views.begin_view_as, name="begin_view_as"),
]
