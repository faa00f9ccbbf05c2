"""A message in the DM with the bot, taken apart: an answer in words, or something else.

Words only, as in `grammar`: whether a place in the list or a value exists is asked in `bot.usecases.words`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.okr.one_line import NUMBER_BEGINS
from bot.slack import grammar, parse
from bot.slack.typed import as_typed, shown
from bot.usecases.actors import Actor
from bot.usecases.words import AnswerWords, Meaning, Part

Payload = Mapping[str, Any]

MOST_PARTS = 50
WITH_WORDS = frozenset({None, "file_share", "thread_broadcast"})
"""The subtypes of messages that somebody wrote; every other one tells of a change, a deletion, somebody who joined."""

_COMMAND = re.compile(r"/?(?:okr\s+)?update\s+", re.IGNORECASE)
_PLACE = re.compile(r"#?(?P<place>\d{1,3})(?:[.):,]*(?=\s|$)|(?==))")
_KEY_RESULT = re.compile(r"kr\s?[-‐-―−]?\s?\d", re.IGNORECASE)
# A new line begins a new answer where it begins with a place or a key result.
_NEXT_LINE = re.compile(r"\s*\n\s*(?=(?:•\s*)?(?:#?\d{1,3}[.):]?\s|#?\d{1,3}=|kr\s?-?\s?\d))", re.IGNORECASE)
_ALL_THE_SAME = frozenset(
    {
        "=", "= all", "all =", "no change", "no changes", "nothing changed", "nothing has changed", "unchanged",
        "all unchanged", "same", "all same", "all the same",
    }
)  # fmt: skip
_DONE = "done"
_END = "\n.!, "


def is_written(body: Payload) -> bool:
    """Whether a `message` event is what a person wrote to the bot, not the bot's own, an edit, or a bare file."""
    event = body["event"]
    by_a_person = bool(event.get("user")) and not event.get("bot_id")
    return (
        by_a_person
        and event.get("channel_type") == "im"
        and event.get("subtype") in WITH_WORDS
        and bool(str(event.get("text") or "").strip())
        and bool(event.get("channel"))
        and bool(event.get("ts"))
    )


def answer(body: Payload) -> AnswerWords | None:
    """What was written; None for every other message."""
    if not is_written(body):
        return None
    event = body["event"]
    meaning, parts = read(str(event["text"]))
    thread = event.get("thread_ts")
    return AnswerWords(
        actor=Actor(str(body["team_id"]), str(event["user"])),
        channel=str(event["channel"]),
        ts=str(event["ts"]),
        thread_ts=None if thread is None else str(thread),
        said_at=parse.instant(str(event["ts"])),
        meaning=meaning,
        parts=parts,
    )


def read(text: str) -> tuple[Meaning, tuple[Part, ...]]:
    """What a message means, with its parts where it is an answer."""
    clean = grammar.cleaned(text)
    if clean.startswith("`"):  # the example, copied with its marks
        clean = clean.strip("`").strip()
    clean = _COMMAND.sub("", clean, count=1) if _COMMAND.match(clean) else clean
    if " ".join(clean.casefold().split()).strip(_END) in _ALL_THE_SAME:
        return Meaning.ALL_THE_SAME, ()
    try:
        pieces = [piece for piece in grammar.split_at_bars(_NEXT_LINE.sub(" | ", clean)) if piece]
    except grammar.UnreadableLine as unreadable:
        return Meaning.ANSWER, (Part(problem=_said(unreadable)),)
    pieces = [piece.removeprefix("•").strip() for piece in pieces]
    if not any(map(_begins_an_answer, pieces)):
        return Meaning.SOMETHING_ELSE, ()
    if len(pieces) > MOST_PARTS:
        told = f"That is more than {MOST_PARTS} answers in one message. Send them in several."
        return Meaning.ANSWER, (Part(problem=told),)
    return Meaning.ANSWER, tuple(_parts(pieces))


def _begins_an_answer(piece: str) -> bool:
    if _PLACE.match(piece) or _KEY_RESULT.match(piece) or NUMBER_BEGINS.match(piece):
        return True
    return piece[:1] == "=" or piece.casefold().rstrip(_END) == _DONE


def _parts(pieces: list[str]) -> Iterator[Part]:
    for piece in pieces:
        place = _PLACE.match(piece)
        if place:
            yield _of_a_place(int(place["place"]), piece, piece[place.end() :].strip())
        elif _KEY_RESULT.match(piece):
            yield _of_a_key_result(piece)
        elif _begins_an_answer(piece):
            yield _line(Part(typed=as_typed(piece)), "a value", piece.rstrip(_END))
        else:
            told = f"{shown(piece)} begins with no number of the list and no key result such as KR-3."
            yield Part(problem=told, typed=as_typed(piece))


def _of_a_place(place: int, piece: str, rest: str) -> Part:
    part = Part(place=place, typed=as_typed(piece))
    return _line(part, f"number {place}", rest) if rest else part


def _of_a_key_result(piece: str) -> Part:
    try:
        number, rest = grammar.read_key_result(piece)
    except grammar.UnreadableLine as unreadable:
        return Part(problem=_said(unreadable), typed=as_typed(piece))
    return _line(Part(number=number, typed=as_typed(piece)), f"KR-{number}", rest)


def _line(part: Part, named: str, rest: str) -> Part:
    """The part with what stands behind the key result; `named` is what a problem calls it."""
    try:
        line = grammar.line_of(part.number or 0, named, rest)
    except grammar.UnreadableLine as unreadable:
        return Part(part.place, part.number, problem=_said(unreadable), typed=part.typed)
    return Part(part.place, part.number, line.value, line.confidence, line.note, line.rest, typed=part.typed)


def _said(error: grammar.UnreadableLine) -> str:
    """The sentence without what belongs to the command."""
    return error.sentence.removesuffix(grammar.NOT_SAVED).strip()
