"""Routes of signing in and out, and of one's own settings."""

from django.urls import path

from tsunagu.accounts.views import entering, own, staying

app_name = "accounts"
urlpatterns = [
    path("sign-in/", entering.sign_in, name="sign_in"),
    path("sign-in/link/", entering.request_link, name="request_link"),
    path("sign-in/link/sent/", entering.link_sent, name="link_sent"),
    path("sign-in/landing/", entering.landing, name="landing"),
    path("sign-in/<str:token>/", entering.use_link, name="use_link"),
    path("sign-out/", entering.sign_out, name="sign_out"),
    path("account/stay/", staying.stay_signed_in, name="stay"),
    path("account/kept-input/", staying.kept_input, name="kept_input"),
    path("account/", own.account, name="account"),
    path("account/name/", own.name, name="name"),
    path("account/email/", own.email, name="email"),
    path("account/email/<str:token>/", own.confirm_email, name="confirm_email"),
    path("account/password/", own.password, name="password"),
    path("account/second-step/", own.second_step, name="second_step"),
    path("account/sessions/", own.sessions, name="sessions"),
    path("account/sessions/end-others/", own.end_others, name="end_others"),
    path("account/sessions/<int:pk>/end/", own.end_session, name="end_session"),
    path("account/confirm/mail/", entering.confirm_by_mail, name="confirm_by_mail"),
]
