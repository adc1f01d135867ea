"""What some ids of `Result.feedback` say, where no pack says it: these come from the rules, not from an author."""

from django.utils.translation import gettext_lazy as _

NOTES = {
    "copied": _("Sentences that repeat the brief or the model answer were left out: only your own words count."),
    "keyword-list": _("This reads as a list of keywords. Write sentences that somebody could act on."),
    "red-line": _("The text has something in it that must not go out. That limits the score, whatever else is right."),
    "anchors": _("Facts from the document that the text has to carry."),
    "red_lines": _("Something that must not be in this text."),
    "critical-check": _("A check that nothing may go past is missing or in the wrong place. That limits the score."),
    "grave-risk": _("One of your choices took a grave risk. That limits the score, whatever came of it."),
    "unit": _("The figure would be right in another unit: look at minutes and hours, at thousands and per cent."),
}
