"""A conversation of questions, one at a time: what is asked is data, and every answer can be taken back.

A script is a generator that yields questions and is sent answers. It depends on nothing but them, so `back` is simple:
the script begins anew and is given all answers but the last typed one. Nothing is written while questions are asked;
no answer is kept anywhere but in this process.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from mash_trawl.config.tree import unfit

T = TypeVar("T")
Script = Generator["Question", Any, T]
MOST_LETTERS = 4000
"""Longer answers are no answers to a question of one line."""

UNKNOWN = ("unknown", "not known", "don't know", "dont know", "n/k")
COMMANDS = (
    "Besides an answer you can type:  unknown  (or an empty line)  |  ?  explains the question  |  back  corrects the "
    "last answer",
    "finish  leaves everything else unknown and goes to the end  |  Ctrl-C  stops; nothing is written.",
    'If the answer itself is one of these words, put it in quotes: "Back".',
)


SAME: Any = object()
"""What a question says whose `unknown` means no more than an empty line."""


class Wrong(Exception):
    """Why an answer cannot be taken. Its text never repeats the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers to choose from: the word kept, and the words shown; `number` where it has one of its own."""

    code: str
    words: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. `empty` is what an empty line gives (or what makes it, at that moment), `otherwise` says it.

    A typed `unknown` gives the same, unless `unknown` says what else; where it would be taken for something that is
    known, `unsure` says what to do instead, and it is asked again. `needed`: an empty line is asked again. `last`:
    `finish` goes here. `check` returns why a value cannot be, or nothing. `shown` turns the value into the words in
    which it is echoed. `before` are lines said first.
    """

    ask: str
    why: str
    read: Callable[[str], Any] = str
    choices: tuple[Choice, ...] = ()
    several: bool = False
    empty: Any = None
    otherwise: str = "not known"
    unknown: Any = SAME
    unsure: str = ""
    needed: bool = False
    last: bool = False
    check: Callable[[Any], str] = lambda value: ""
    shown: Callable[[Any], str] | None = None
    before: tuple[str, ...] = ()


class Talk(Protocol):
    """How questions reach a person and answers come back."""

    def say(self, line: str = "") -> None:
        """One line to the person."""

    def listen(self) -> str:
        """One line from the person, without its end. Raises click.Abort when there is no more."""


_BACK, _FINISH = object(), object()


def hold(start: Callable[[], Script[T]], talk: Talk) -> T:
    """Ask every question of the script and give back what it returns.

    `start` begins the script anew, at first and after each `back`: it must ask the same for the same answers.
    """
    given: list[tuple[Any, bool]] = []
    while True:
        script = start()
        try:
            question = next(script)
            for answer, _ in given:
                question = script.send(answer)
            while True:
                answer = _put(question, talk)
                if answer is _BACK:
                    break
                if answer is _FINISH:
                    question = _finish(script, question, given)
                    continue
                given.append((answer, True))
                question = script.send(answer)
        except StopIteration as done:
            value: T = done.value
            return value
        _take_back(given, talk)


def _finish(script: Script[Any], question: Question, given: list[tuple[Any, bool]]) -> Question:
    """Leave every question before the last one unanswered. The first of them counts as typed, so that `back` works."""
    typed = True
    while not question.last:
        answer = left_open(question)
        given.append((answer, typed))
        typed = False
        question = script.send(answer)
    return question


def left_open(question: Question) -> Any:
    """What an empty line means now."""
    return question.empty() if callable(question.empty) else question.empty


def _take_back(given: list[tuple[Any, bool]], talk: Talk) -> None:
    if not given:
        talk.say("  This is the first question.")
    while given and not given.pop()[1]:
        pass


def _put(question: Question, talk: Talk) -> Any:
    """Ask until the answer can be taken."""
    for line in question.before:
        talk.say(line)
    _pose(question, talk)
    while True:
        text = talk.listen().strip()
        word = text.casefold()
        if word == "?":
            _explain(question, talk)
        elif word == "back":
            return _BACK
        elif word == "finish" and not question.last:
            return _FINISH
        else:
            try:
                value = answer_to(question, text)
            except Wrong as fault:
                talk.say(f"  {fault} (? explains)")
                continue
            if question.shown and value is not None and value != question.empty and value is not question.unknown:
                talk.say(f"  Understood: {question.shown(value)}")
            return value


def answer_to(question: Question, text: str) -> Any:
    """The value of a typed answer. Raises Wrong, which never repeats it."""
    if len(text) > MOST_LETTERS:
        raise Wrong(f"At most {MOST_LETTERS} letters can be taken.")
    if unfit(text):
        raise Wrong("There are characters in it that cannot be kept. Please type it again.")
    typed = bool(text)
    if not typed or text.casefold() in UNKNOWN:
        return _open(question, typed)
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1].strip()
    value = _chosen(question, text) if question.choices else question.read(text)
    if fault := question.check(value):
        raise Wrong(fault)
    return value


def _open(question: Question, typed: bool) -> Any:
    """The value of an empty line, or of a typed `unknown` or `none`."""
    if question.needed:
        raise Wrong("Please choose one of these.")
    if typed and question.unsure:
        raise Wrong(question.unsure)
    return question.unknown if typed and question.unknown is not SAME else left_open(question)


def numbered(choices: Sequence[Choice]) -> dict[int, Choice]:
    """The choices by the number that is typed for them: their own, or their place in the list."""
    return {at if choice.number is None else choice.number: choice for at, choice in enumerate(choices, start=1)}


def _chosen(question: Question, text: str) -> Any:
    if not question.several:
        return _one(question.choices, text)
    if text.casefold() == "none":
        return _open(question, typed=True)
    try:
        return (_one(question.choices, text),)
    except Wrong:
        parts = [part.strip() for part in text.replace(";", ",").replace(" and ", ",").split(",")]
        return tuple(dict.fromkeys(_one(question.choices, part) for part in parts if part))


def _one(choices: tuple[Choice, ...], text: str) -> str:
    """The choice with this number, code or words; the beginning of the words is enough where only one begins so."""
    word = text.casefold()
    if word.isascii() and word.isdigit():
        offered = numbered(choices)
        if int(word[:4]) in offered:
            return offered[int(word[:4])].code
        raise Wrong(f"Please type a number from {min(offered)} to {max(offered)}, or the words.")
    spoken = {choice.code: (choice.code.casefold().replace("_", " "), choice.words.casefold()) for choice in choices}
    exact = [code for code, words in spoken.items() if word.replace("_", " ") in words]
    close = [code for code, words in spoken.items() if any(known.startswith(word) for known in words)]
    for found in (exact, close):
        if len(found) == 1:
            return found[0]
    raise Wrong("More than one choice begins like this." if close else "This is none of the choices.")


def _pose(question: Question, talk: Talk) -> None:
    talk.say("")
    talk.say(question.ask)
    short = [choice.words for choice in question.choices] == ["yes", "no"]
    for number, choice in numbered(() if short else question.choices).items():
        talk.say(f"  {number:>2}  {choice.words}")
    hints = ("yes or no" if short else "", "several: 1, 3" if question.several else "",
             "" if question.needed else f"empty: {question.otherwise}")  # fmt: skip
    if any(hints):
        talk.say(f"     ({'; '.join(hint for hint in hints if hint)})")


def _explain(question: Question, talk: Talk) -> None:
    talk.say(f"  {question.why}")
    for line in COMMANDS:
        talk.say(f"  {line}")
