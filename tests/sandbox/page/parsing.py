"""Reads rendered HTML the way a browser does, so that tests ask about elements and not about strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "use", "line", "circle", "rect", "path"})


@dataclass
class Element:
    """One element with its attributes, children and text."""

    tag: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text inside, in order of closing."""
        return "".join(self.words)

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """Every descendant with this tag and these attributes (`data_ts` means `data-ts`)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.walk()
            if tag in (None, element.tag)
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        """The only such descendant."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements {tag} {attributes}"
        return found[0]

    def walk(self) -> Iterator[Element]:
        """Every descendant, in document order."""
        for child in self.children:
            yield child
            yield from child.walk()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root", {})
        self.open = [self.root]
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID or (tag == "option" and self.open[-1].tag != "option"):
            return
        if self.open[-1].tag != tag:
            self.problems.append(f"</{tag}> closes <{self.open[-1].tag}>")
            return
        self.open.pop()

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.words.append(data)


def parse(html: str) -> Element:
    """The tree of a piece of HTML; tags that do not nest are an error."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.problems, reader.problems
    assert len(reader.open) == 1, f"left open: {[element.tag for element in reader.open]}"
    return reader.root
