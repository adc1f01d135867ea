"""The pages' addresses: readable, shareable, stable."""

from django.urls import URLPattern, URLResolver, include, path

from lms.views import account, activities, champion, explore, help, journal, learner, manager, me, public, style, unsubscribe

app_name = "lms"

urlpatterns: list[URLPattern | URLResolver] = [
    # the learner
    path("", learner.today, name="today"),
    path("tracks/", learner.tracks, name="tracks"),
    path("tracks/<slug:slug>/", learner.track, name="track"),
    path("tracks/<slug:slug>/join/", learner.join_track, name="track_join"),
    path("tracks/<slug:slug>/leave/", learner.leave, name="track_leave"),
    path("activities/<slug:slug>/", activities.activity, name="activity"),
    path("activities/<slug:slug>/open/", activities.open_anyway, name="activity_open"),
    path("activities/<slug:slug>/done/", activities.lesson_done, name="lesson_done"),
    path("activities/<slug:slug>/evidence/", activities.mission_evidence, name="mission_evidence"),
    path("activities/<slug:slug>/try/", activities.attempt_start, name="attempt_start"),
    path("attempts/<uuid:uuid>/", activities.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/save/", activities.attempt_save, name="attempt_save"),
    path("attempts/<uuid:uuid>/submit/", activities.attempt_submit, name="attempt_submit"),
    path("attempts/<uuid:uuid>/contest/", activities.contest, name="contest"),
    # the learner, looking around
    path("explore/", explore.index, name="explore"),
    path("explore/paths/", explore.paths, name="explore_paths"),
    path("explore/paths/<slug:slug>/", explore.path, name="explore_path"),
    path("explore/paths/<slug:slug>/join/", explore.path_join, name="explore_path_join"),
    path("explore/roles/", explore.roles, name="explore_roles"),
    path("explore/roles/<slug:slug>/", explore.role, name="explore_role"),
    path("explore/portraits/", explore.portraits, name="explore_portraits"),
    path("explore/portraits/<slug:slug>/", explore.portrait, name="explore_portrait"),
    path("explore/use-cases/", explore.use_cases, name="explore_use_cases"),
    path("explore/training/", explore.training, name="explore_training"),
    path("explore/glossary/", explore.glossary, name="explore_glossary"),
    path("explore/facts/", explore.facts, name="explore_facts"),
    path("explore/documents/", explore.documents, name="explore_documents"),
    path("explore/documents/<slug:slug>/", explore.document, name="explore_document"),
    # the learner, at work
    path("journal/", journal.journal, name="journal"),
    path("journal/new/", journal.journal_new, name="journal_new"),
    path("journal/<int:pk>/", journal.journal_edit, name="journal_edit"),
    path("journal/<int:pk>/delete/", journal.journal_delete, name="journal_delete"),
    path("help/", help.help_page, name="help"),
    path("help/<uuid:token>/withdraw/", help.help_withdraw, name="help_withdraw"),
    path("me/", me.me, name="me"),
    path("me/what-my-manager-sees/", me.me_manager_view, name="me_manager_view"),
    path("me/working-time/", me.me_working_time, name="me_working_time"),
    path("me/leave/", me.me_leave_add, name="me_leave_add"),
    path("me/leave/<int:pk>/remove/", me.me_leave_remove, name="me_leave_remove"),
    path("me/reminders/", me.me_reminders, name="me_reminders"),
    path("me/pause/", me.me_pause, name="me_pause"),
    # the champion
    path("champion/", champion.champion_desk, name="champion_desk"),
    path("champion/questions/<int:pk>/", champion.champion_answer, name="champion_answer"),
    path("champion/contests/<int:pk>/", champion.champion_decide, name="champion_decide"),
    # the manager
    path("team/", manager.team, name="team"),
    path("reports/<int:pk>/", manager.report, name="report"),
    # everybody
    path("sign-in/", account.sign_in, name="sign_in"),
    path("sign-out/", account.sign_out, name="sign_out"),
    path("welcome/<uidb64>/<token>/", account.set_password, name="set_password"),
    path("password/", account.password_lost, name="password_lost"),
    path("password/asked/", account.password_asked, name="password_asked"),
    path("language/", account.set_language, name="set_language"),
    path("colours/", account.set_theme, name="set_theme"),
    path("stop/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
    path("privacy/", public.privacy_notice, name="privacy_notice"),
    path("accessibility/", public.accessibility, name="accessibility"),
    path("offline.js", public.offline_worker, name="offline_worker"),
    path("offline/", public.offline, name="offline"),
    path("style/", style.style, name="style"),
    path("healthz", public.healthz, name="healthz"),
    path("api/v1/", include("lms.api.urls")),
]
