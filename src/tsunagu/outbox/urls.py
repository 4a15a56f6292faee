"""Addresses of the outbox."""

from django.urls import path

from tsunagu.outbox import views

app_name = "outbox"
urlpatterns = [
    path("", views.mail_list, name="list"),
    path("send/", views.send, name="send"),
    path("dead/", views.dead, name="dead"),
    path("<int:pk>/", views.mail, name="mail"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/hold/", views.hold, name="hold"),
    path("<int:pk>/release/", views.release, name="release"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/retry/", views.retry, name="retry"),
]
