"""The product as one self-contained HTML page: one style block, no script, nothing loaded from anywhere.

The page's own policy forbids everything but that one style, named by its hash, so that even markup which slipped
through could load and run nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from jinja2 import Environment
from markupsafe import Markup

from mash_trawl.model.level_words import agrees, bits, held
from mash_trawl.model.product import Product, SearchedKeys
from mash_trawl.model.shown import day_words, instant_words, key_words
from mash_trawl.render import view
from mash_trawl.render.disputes import Disputed, heading, said
from mash_trawl.render.pages import environment, style_of
from mash_trawl.render.svg import genogram_svg
from mash_trawl.render.words import family_words

_AUDIENCES = {"full": "core safeguarding team"}
_BASIS = {"not_stated": "How the agency knows is not stated", "third_hand": "Third-hand"}


def page(product: Product, manifest: Mapping[str, object]) -> str:
    """One HTML document. `manifest` is shown at the end as it is (`audience`, `reader` and others by their names).

    The same product and manifest give the same bytes. Raises nothing for hostile text: all of it is escaped, control
    and direction-override characters become visible.
    """
    templates = _templates()
    names: dict[str, str] = defaultdict(lambda: "unknown person")
    names.update({person.id: person.name for person in product.people})
    empty = view.empty_note(product)
    disputed, sentences = Disputed(product), family_words(product.family)
    return templates.get_template("page.html").render(
        product=product,
        manifest=view.flat(manifest),
        audience=_audience(product, manifest),
        **style_of(templates, "page.css"),
        genogram=Markup(genogram_svg(product.family, product.audience)),  # noqa: S704 - escaped by the drawing itself
        names=names,
        subjects=[person.id for person in product.people if "subject" in person.roles]
        or [person.id for person in product.people if not person.found],
        tiles=view.tiles(product.answers),
        tally=view.tally(product.answers),
        gaps=view.gap_groups(product),
        contents=view.contents(product),
        groups=view.group_sizes(product),
        outcomes=view.OUTCOMES,
        searches=[item for item in product.answers if item.searched or item.not_searched],
        sentences=sentences,
        disputed=disputed,
        drawn_disputed=sum(bool(disputed.beside(line.origins)) for line in sentences),
        places=view.places(product),
        empty=f"No agency sent an event. {empty}",
        empty_note=empty,
    )


def _templates() -> Environment:
    templates = environment()
    templates.globals.update(
        day=day_words,
        moment=instant_words,
        words=_words,
        basis=_basis,
        category=_category,
        keys=key_words,
        bits=bits,
        held=held,
        agrees=agrees,
        together=_together,
        against=heading,
        said=said,
    )
    return templates


def _audience(product: Product, manifest: Mapping[str, object]) -> str:
    reader = manifest.get("reader")
    words = _AUDIENCES.get(product.audience, product.audience)
    return f"{words}, opened by {reader}" if isinstance(reader, str) and reader else words


def _words(code: str) -> str:
    return code.replace("_", " ").replace(".", ": ")


def _basis(code: str) -> str:
    words = _BASIS.get(code, code.replace("_", " "))
    return words[:1].upper() + words[1:]


def _category(code: str) -> str:
    words = _words(code)
    return words[:1].upper() + words[1:]


def _together(searched: Iterable[SearchedKeys]) -> Sequence[tuple[SearchedKeys, int]]:
    """Searches by one key that came to the same, once, with how many they were (several spellings, two addresses)."""
    return tuple(Counter(searched).items())
