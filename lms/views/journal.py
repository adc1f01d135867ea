"""For the learner: the journal of practice. Nobody else reads a line of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.problems import ProblemsFound
from lms import clock
from lms.forms.journal import EntryForm
from lms.journal.actions import change_entry, delete_entry, write_entry
from lms.journal.queries import my_entry, my_journal
from lms.models import JournalEntry
from lms.views.access import LearnerRequest, learner_page

ON_A_PAGE = 20


@require_GET
@learner_page
def journal(request: LearnerRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()[:200]
    entries = my_journal(learner=request.learner, now=clock.now(), search=search)
    page = Paginator(entries, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "lms/journal/journal.html", {"here": "journal", "page": page, "search": search})


def _entry_or_404(request: LearnerRequest, pk: int) -> JournalEntry:
    entry = my_entry(learner=request.learner, pk=pk, now=clock.now())
    if entry is None:
        raise Http404
    return entry


@require_http_methods(["GET", "HEAD", "POST"])
@learner_page
def journal_new(request: LearnerRequest) -> HttpResponse:
    now = clock.now()
    form = EntryForm(request.POST or None, learner=request.learner, now=now)
    if request.method == "POST":
        if form.is_valid():
            try:
                write_entry(learner=request.learner, fields=form.entry_fields(), now=now)
            except ProblemsFound as found:
                form.take(found)
            else:
                messages.success(request, _("Noted."))
                return redirect("lms:journal")
        form.focus_first_error()
    return _show(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@learner_page
def journal_edit(request: LearnerRequest, pk: int) -> HttpResponse:
    entry, now = _entry_or_404(request, pk), clock.now()
    form = EntryForm(request.POST or None, instance=entry, learner=request.learner, now=now)
    if request.method == "POST":
        if form.is_valid():
            try:
                change_entry(entry=entry, fields=form.entry_fields(), now=now)
            except ProblemsFound as found:
                form.take(found)
            else:
                messages.success(request, _("Changed."))
                return redirect("lms:journal")
        form.focus_first_error()
    return _show(request, form, entry)


def _show(request: LearnerRequest, form: EntryForm, entry: JournalEntry | None = None) -> HttpResponse:
    context = {"here": "journal", "form": form, "entry": entry}
    return render(request, "lms/journal/entry.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@learner_page
def journal_delete(request: LearnerRequest, pk: int) -> HttpResponse:
    """Asks first. A mission that the entry completed stays done."""
    entry = _entry_or_404(request, pk)
    if request.method == "POST":
        delete_entry(entry=entry)
        messages.info(request, _("Deleted."))
        return redirect("lms:journal")
    return render(request, "lms/journal/delete.html", {"here": "journal", "entry": entry})
