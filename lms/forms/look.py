"""How forms look: our classes on Django's own widgets, so that every control stays a native one."""

from django import forms

from courses.problems import ProblemsFound

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "area"),
    (forms.RadioSelect, ""),
    (forms.CheckboxSelectMultiple, ""),
    (forms.CheckboxInput, ""),
    (forms.Select, "select"),
    (forms.Widget, "input"),
)


class LookMixin:
    """Puts it before ``forms.Form`` or ``forms.ModelForm``. The first field in error takes the focus."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            kind = next(name for widget, name in _CLASSES if isinstance(field.widget, widget))
            if kind:
                field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} {kind}".strip()

    def take(self, found: ProblemsFound) -> None:
        """Shows what a room refused beside the field that it is about."""
        for problem in found.problems:
            self.add_error(  # type: ignore[attr-defined]
                problem.where if problem.where in self.fields else None, f"{problem.message} {problem.hint}".strip()
            )

    def focus_first_error(self) -> None:
        for name in self.errors:  # type: ignore[attr-defined]
            if name in self.fields:
                self.fields[name].widget.attrs["autofocus"] = True
                return
