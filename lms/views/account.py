"""Getting in and out: sign in, the welcome link, a lost password; language and colours."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from lms import clock
from lms.conf import conf
from lms.context_processors import THEME_COOKIE, THEMES
from lms.forms.account import NewPasswordForm, PasswordLostForm, SignInForm
from lms.mail.actions import queue_message
from lms.models import Learner
from lms.people.preferences import change_language
from lms.people.tokens import link_tokens

YEAR = 365 * 24 * 3600


class SignIn(auth_views.LoginView):
    form_class = SignInForm
    template_name = "lms/account/sign_in.html"
    redirect_authenticated_user = True
    extra_context = {"here": "sign_in"}

    def form_invalid(self, form: Any) -> HttpResponse:
        form.fields["username"].widget.attrs["autofocus"] = True
        return super().form_invalid(form)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    response = auth_views.LogoutView.as_view(next_page=reverse("lms:sign_in"))(request)
    messages.info(request, _("You are signed out."))
    return response


class SetPassword(auth_views.PasswordResetConfirmView):
    """Behind the link of the welcome mail and of the mail for a lost password: good once, for some days."""

    form_class = NewPasswordForm
    template_name = "lms/account/set_password.html"
    success_url = reverse_lazy("lms:today")
    reset_url_token = "choose"  # noqa: S105 - the word in the address, not a secret
    token_generator = link_tokens

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.save()
        self.request.session.pop("_password_reset_token", None)
        login(self.request, user, backend="django.contrib.auth.backends.ModelBackend")
        messages.success(self.request, _("Your password is set, and you are signed in."))
        return redirect(self.get_success_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "days": conf.WELCOME_LINK_DAYS}


def password_lost(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address exists or not."""
    form = PasswordLostForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _send_link(form.cleaned_data["email"])
        return redirect("lms:password_asked")
    form.focus_first_error()
    return render(request, "lms/account/password_lost.html", {"form": form, "days": conf.WELCOME_LINK_DAYS})


def password_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "lms/account/password_asked.html", {"days": conf.WELCOME_LINK_DAYS})


def _send_link(email: str) -> None:
    now = clock.now()
    learner = (
        Learner.objects.active(now.date())
        .filter(email__iexact=email.strip(), user__is_active=True)
        .select_related("user")
        .first()
    )
    if learner is None:
        return
    # One mail per person and quarter of an hour, however often the button is pressed.
    moment = now.strftime("%Y%m%d%H") + str(now.minute // 15)
    queue_message(recipient=learner, template="password_link", context={}, cause=f"password:{learner.pk}:{moment}", now=now)


def _back(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return target
    return reverse("lms:today")


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The learner's own row when signed in; a cookie for everybody, so that the page after signing out keeps it."""
    language = request.POST.get("language", "")
    response = redirect(_back(request))
    if language not in conf.LANGUAGES:
        return response
    learner = cast(Learner | None, getattr(request, "learner", None))
    if learner:
        change_language(learner=learner, language=language)
    translation.activate(language)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=settings.LANGUAGE_COOKIE_SECURE
    )
    return response


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    response = redirect(_back(request))
    if theme in THEMES:
        response.set_cookie(
            THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
        )
    return response


sign_in = sensitive_post_parameters()(SignIn.as_view())
set_password = sensitive_post_parameters()(SetPassword.as_view())
