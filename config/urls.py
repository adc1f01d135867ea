from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("lms.urls")),
]

if settings.DEMO:
    from config import mailbox

    urlpatterns.insert(0, path("demo/mailbox/", include(mailbox.urlpatterns)))

handler403 = "lms.views.public.refused"
handler404 = "lms.views.public.not_found"
handler500 = "lms.views.public.broken"
