"""What a request says besides its questions, alike in the workbook and on the page."""

from __future__ import annotations

from datetime import datetime

from mash_trawl.model.moments import local, zoned_words
from mash_trawl.model.request import Request

TITLE = "Information request"
MARKING = "OFFICIAL-SENSITIVE: personal data. Keep it where only those can open it who need it."
HOW = (
    "Compare who is meant with your own records first. If you are not sure, say so: nothing is taken in then.",
    "Answer every line. An empty line is not an answer, and somebody will ring you about it.",
    "Nothing held means that somebody searched. If nobody did, say not searched.",
    "Pass on only what is relevant to what is asked, about these people, and no more than is needed.",
    "You may refuse. Say so in the line, with the reason in the note.",
    "Dates: 17/05/2024 (the day comes first), May 2024, about 2023, 2022, or unknown. Guess no day.",
    "Keep this file to yourself, and delete it once it was sent back.",
)
BOOK = (
    "Fill in the white cells of the sheets Who answers, People, Answers and Records. Change nothing else: what is "
    "printed is signed, and a file with changed questions is sent back.",
    "Type values, no formulas; merge no cells and hide nothing. Save it as an Excel workbook (.xlsx).",
)
PAGE = (
    "Fill in the fields, then press Save the answers: your browser saves one file, which you send back. This page "
    "sends nothing anywhere. Where scripts are off there is no button that works: use the workbook.",
)


def head(request: Request) -> tuple[tuple[str, str], ...]:
    """Who asks whom, since when and until when; where the return goes."""
    asks = f"{request.team} ({request.hub})" if request.team != request.hub else request.hub
    ring = f"Ring {request.telephone}." if request.telephone else "Ring the number that you have for us."
    return (
        ("Request", request.id),
        ("To", request.to),
        ("From", f"{asks}; asked by {request.asked_by}"),
        ("Written", _moment(request.written_at)),
        ("Due", _moment(request.due) if request.due else "No set time; please answer as soon as you can."),
        ("Send it to", request.send_to or "Send it back in the way in which it reached you."),
        ("Questions", ring),
    )


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    here = local(moment)
    return f"{here:%A} {here.day} {here:%B %Y}, {zoned_words(moment)}"
