"""Pieces of a page that are the same for everybody: rendered once in a process, not for every reader.

    {% still here=here team=learner.leads_people %}<nav>…</nav>{% endstill %}

What stands between the two depends on nothing but the language and the values that are named here: it sees no other variable, neither
the request nor its reader, so that nothing of one person's can ever be shown to another. It must not ask the clock or the time zone
either. Values that are not hashable are rendered every time.
"""

from typing import Any
from weakref import WeakSet

from django import template
from django.core.signals import setting_changed
from django.template import Context, TemplateSyntaxError
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.loader_tags import BlockNode
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()

#: Forms of one piece that are kept; beyond that it starts anew.
MOST_FORMS = 512


class StillNode(Node):
    #: No block is in here, so a page that extends another need not look for one at every request.
    child_nodelists = ()

    def __init__(self, nodelist: NodeList, named: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.names = tuple(named)
        self.expressions = tuple(named.values())
        self.forms: dict[Any, SafeString] = {}
        _nodes.add(self)

    def render(self, context: Context) -> SafeString:
        values = [expression.resolve(context) for expression in self.expressions]
        # Where the site stands does not change within a page; its language may ({% language %}).
        once: dict[Any, Any] = context.render_context.dicts[0]
        place = once.get(StillNode)
        if place is None:
            place = once[StillNode] = (get_script_prefix(), get_urlconf())
        key = (get_language(), place, *values)
        try:
            held = self.forms.get(key)
        except TypeError:
            return self._drawn(context, values)
        if held is None:
            if len(self.forms) >= MOST_FORMS:
                self.forms.clear()
            held = self.forms[key] = self._drawn(context, values)
        return held

    def _drawn(self, context: Context, values: list[Any]) -> SafeString:
        alone = Context(dict(zip(self.names, values, strict=True)), autoescape=context.autoescape)
        with alone.bind_template(context.template):  # type: ignore[arg-type]  # a page that is being rendered has one
            return self.nodelist.render(alone)


_nodes: "WeakSet[StillNode]" = WeakSet()


@register.tag
def still(parser: Parser, token: Token) -> StillNode:
    bits = token.split_contents()[1:]
    named = token_kwargs(bits, parser)
    if bits:
        raise TemplateSyntaxError(f"still takes name=value only, not {bits[0]!r}.")
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    if any(nodelist.get_nodes_by_type(BlockNode)):
        raise TemplateSyntaxError("A block that other templates fill cannot stand still.")
    return StillNode(nodelist, named)


def _forget(**_kwargs: Any) -> None:
    for node in list(_nodes):
        node.forms.clear()


# Addresses of static files, languages: tests change them.
setting_changed.connect(_forget)
