"""Addresses of those who take part and of coordinators, in Japanese only."""

from django.urls import path

from tsunagu.talent.views import briefs, coordinating, own, teams

app_name = "co_lead_desk"
urlpatterns = [
    path("", own.own, name="own"),
    path("keep/<int:pk>/", own.prolong, name="prolong"),
    path("forget/", own.forget, name="forget"),
    path("answers/<int:pk>/", own.answer, name="answer"),
    path("entries/<int:pk>/leave/", own.leave, name="leave"),
    path("editions/<slug:key>/talent/", own.talent, name="talent"),
    path("editions/<slug:key>/company/", own.company, name="company"),
    path("editions/<slug:key>/briefs/new/", briefs.new, name="new_brief"),
    path("editions/<slug:key>/order/", briefs.order, name="order"),
    path("editions/<slug:key>/board/", coordinating.board, name="board"),
    path("editions/<slug:key>/board/act/", coordinating.act, name="board_act"),
    path("editions/<slug:key>/report/", coordinating.report, name="report"),
    path("entries/<int:pk>/decide/", coordinating.decide, name="decide"),
    path("runs/<int:pk>/", coordinating.run, name="run"),
    path("briefs/<slug:number>/", briefs.page, name="brief"),
    path("briefs/<slug:number>/edit/", briefs.edit, name="edit_brief"),
    path("briefs/<slug:number>/act/", briefs.act, name="brief_act"),
    path("briefs/<slug:number>/talents/", briefs.talents, name="talents"),
    path("briefs/<slug:number>/team/", coordinating.together, name="together"),
    path("teams/<int:pk>/", teams.page, name="team"),
    path("teams/<int:pk>/act/", teams.act, name="team_act"),
    path("teams/<int:pk>/week/", teams.week, name="week"),
    path("teams/<int:pk>/plan/new/", teams.new_step, name="new_step"),
    path("teams/<int:pk>/plan/<int:step>/", teams.step, name="step"),
    path("teams/<int:pk>/deliverables/", teams.hand_over, name="hand_over"),
    path("teams/<int:pk>/deliverables/<int:item>/file/", teams.file, name="file"),
    path("teams/<int:pk>/outcome/", teams.outcome, name="outcome"),
]
