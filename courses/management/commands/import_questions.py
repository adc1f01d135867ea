"""`manage.py import_questions FILE --into POOL.yaml`: questions in Moodle XML or GIFT become items of a pool."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.imports.actions import Import, import_questions
from courses.imports.carried import Judged
from courses.imports.reading import FORMATS
from courses.problems import ProblemsFound


class Command(BaseCommand):
    help = "Brings questions in Moodle XML or GIFT into a pool, and lists for every question what was carried and what was not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="An export in Moodle XML or GIFT.")
        parser.add_argument(
            "--into", type=Path, required=True, metavar="POOL.yaml", help="The pool; a new file if there is none."
        )
        parser.add_argument("--language", required=True, help="The language of the texts, as in pack.yaml.")
        parser.add_argument("--translations", type=Path, metavar="FILE", help="The same questions in another language.")
        parser.add_argument("--translation-language", metavar="LANGUAGE", help="The language of --translations.")
        parser.add_argument("--format", choices=FORMATS, help="Found out from the file if left out.")
        parser.add_argument("--prefix", default="", help="What the ids of the new items begin with.")
        parser.add_argument("--group", default="core", help="The group that the new items belong to.")
        parser.add_argument("--dry-run", action="store_true", help="Only report; write nothing.")

    def handle(self, *, file: Path, into: Path, language: str, dry_run: bool, **options: Any) -> None:
        if (options["translations"] is None) != (options["translation_language"] is None):
            raise CommandError(_("--translations and --translation-language go together."))
        translations = ((options["translation_language"], options["translations"]),) if options["translations"] else ()
        try:
            done = import_questions(
                path=file,
                into=into,
                language=language,
                form=options["format"],
                translations=translations,
                prefix=options["prefix"],
                group=options["group"],
                dry_run=dry_run,
            )
        except ProblemsFound as found:
            for problem in found.problems:
                self.stderr.write(str(problem))
            count = len(found.problems)
            raise CommandError(ngettext("%(n)s thing to mend.", "%(n)s things to mend.", count) % {"n": count}) from None
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from None
        self._report(done)
        self._end(done, dry_run)

    def _report(self, done: Import) -> None:
        count = len(done.judged)
        said = ngettext("%(file)s (%(format)s): %(n)s question.", "%(file)s (%(format)s): %(n)s questions.", count)
        self.stdout.write(said % {"file": done.file.name, "format": done.file.format, "n": count})
        for title, judged in [
            (_("Carried: %(n)s"), done.carried),
            (_("Carried with losses: %(n)s"), done.with_losses),
            (_("Not carried: %(n)s"), done.not_carried),
        ]:
            self.stdout.write("\n" + title % {"n": len(judged)})
            for one in judged:
                self._question(one, done)
        if done.of_translation:
            self.stdout.write("\n" + _("The two files do not fit together everywhere:"))
            for problem in done.of_translation:
                self.stdout.write(f"  {problem}")
        settings = Counter(name for one in done.judged if one.item for name in one.question.settings)
        if settings:
            named = ", ".join(f"{name} ({times})" for name, times in sorted(settings.items()))
            self.stdout.write(
                "\n" + _("Settings that our pages decide for themselves, so many times: %(names)s") % {"names": named}
            )

    def _question(self, one: Judged, done: Import) -> None:
        question = one.question
        name = question.name or _shortened(question.text.text, 60)
        became = f"{one.item.id} ({one.item.mechanic})" if one.item else question.kind
        self.stdout.write(f"  {question.where} “{name}” → {became}" if one.item else f"  {question.where} “{name}” ({became})")
        if one.reason:
            self.stdout.write(f"    {one.reason.message} {one.reason.hint}".rstrip())
            self.stdout.write("    " + _("Its text: %(text)s") % {"text": _shortened(question.text.text, 300)})
            for answer in question.answers:
                self.stdout.write(f"      {answer.fraction:g} %: {_shortened(answer.text.text, 200)}")
            for pair in question.pairs:
                self.stdout.write(f"      {_shortened(pair.card.text, 100)} → {_shortened(pair.place.text, 100)}")
        for loss in one.losses:
            self.stdout.write(f"    - {loss.message} {loss.hint}".rstrip())
        for languages, places in _by_languages(one.missing(done.languages)):
            params = {"languages": ", ".join(languages), "places": ", ".join(places)}
            self.stdout.write("    " + _("Still to write in %(languages)s: %(places)s") % params)

    def _end(self, done: Import, dry_run: bool) -> None:
        count = len(done.carried) + len(done.with_losses)
        if not count:
            raise CommandError(_("No question could be carried; nothing was written."))
        self.stdout.write("")
        if dry_run:
            self.stdout.write(_("Nothing was written: this was a trial."))
            return
        said = ngettext("%(n)s item was added to %(path)s.", "%(n)s items were added to %(path)s.", count)
        self.stdout.write(said % {"n": count, "path": done.pool.path})
        if any(one.item and one.item.pictures for one in done.judged):
            self.stdout.write(_("Pictures were kept in %(path)s.") % {"path": done.pictures_folder})
        if done.draws_nothing:
            self.stdout.write(
                _("The pool draws nothing from the group “%(group)s” yet: name it in “draw”.") % {"group": done.group}
            )
        if any(one.missing(done.languages) for one in done.judged):
            self.stdout.write(_("Publishing will ask for the texts that are still to write: manage.py publish_content --check"))


def _shortened(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _by_languages(missing: dict[str, tuple[str, ...]]) -> Iterable[tuple[tuple[str, ...], list[str]]]:
    """Places that lack the same languages on one line."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    for place, languages in missing.items():
        grouped.setdefault(languages, []).append(place)
    return grouped.items()
