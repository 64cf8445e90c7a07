"""How high a poll's frame is, reckoned from its words: it is written into a page before any browser has laid it out.

Rather too high than too low: what is too low has a bar to scroll by.
"""

from math import ceil

from portal.polls.models import Poll

NARROWEST = 320
"""Pixels of the narrowest screen that we look at."""
LETTER_PX = 8.8
"""A letter with what is left over at the ends of lines."""
LINE_PX = 28
EDGES_PX = 56
"""What stands left and right of the words: the frame's margin, the box's, and its lines."""
MARK_PX, FIGURE_PX = 30, 92
ROW_PX = 40
"""Above and below each choice."""
REST_PX = 180
"""The hint, the total, the button and the edges."""
SMALL_LETTER_PX, SMALL_LINE_PX = 7.5, 23
META = (60, 95, 45)
"""The letters of the lines below the choices, at their longest, and of the link to our page."""


def height(poll: Poll, width: int) -> int:
    """Return the height in pixels of a poll's frame that is `width` pixels wide."""
    room = max(width - EDGES_PX, 2 * FIGURE_PX)
    labels = [len(choice.label) + 3 for choice in poll.current_choices()]
    lines = _lines(len(poll.question), room) + sum(_lines(length, room - MARK_PX - FIGURE_PX) for length in labels)
    small = sum(_lines(length, room, SMALL_LETTER_PX) for length in (len(poll.help), *META))
    return REST_PX + lines * LINE_PX + len(labels) * ROW_PX + small * SMALL_LINE_PX


def _lines(letters: int, room: int, letter: float = LETTER_PX) -> int:
    return ceil(letters * letter / room)
