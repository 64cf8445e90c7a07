"""The form of a step: each step asks for what it takes, and no more."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from portal.core.errors import Refused
from portal.core.forms import Form
from portal.core.language import _
from portal.core.text import clean_line
from portal.core.web import LARGEST_ID
from portal.publishing import kinds, moments, public_words
from portal.publishing.acts import LONGEST_REASON, Given
from portal.publishing.kinds import Concern
from portal.publishing.models import Piece
from portal.publishing.rules import RULES, Step

HOW = {
    "": _l("not on record"),
    "paper": _l("on paper"),
    "system": _l("in the document system"),
    "telephone": _l("by telephone"),
    "spoken": _l("by word of mouth"),
}
"""In which way a leader approved."""
CHANGES = {"note": _l("Tell what has changed (shown to the public)"), "minor": _l("Minor correction, no announcement needed")}
PUBLISHING = {Step.PUBLISH, Step.SCHEDULE, Step.PUBLISH_URGENTLY}
REMARKS = {
    Step.SUBMIT: _l("Message to whoever reviews it (not required)"),
    Step.RETURN: _l("Reason for returning"),
    Step.PUBLISH_URGENTLY: _l("Why it cannot wait for a second person"),
    Step.TAKE_DOWN: _l("Reason for taking down (shown to the public)"),
}
LONGEST = {
    "remark": 2_000,
    "note": 1_000,
    "leader_who": 200,
    "leader_symbol": 80,
    "concern_reason": 1_000,
    "instead": 300,
    "at": 40,
}
"""Characters."""


class StepForm(Form):
    """All that steps ask for; `asked` are the names of the fields that this one does.

    `spoken` is what may be personal data in what was typed for everybody to read.
    """

    remark = TextAreaField()
    at = StringField(_l("Day and time"))
    change = RadioField(_l("Content of the change"), choices=[], validate_choice=False)
    note = StringField(_l("What has changed"))
    leader_who = StringField(_l("Leader who approved it"))
    leader_how = SelectField(_l("How"), choices=[], validate_choice=False)
    leader_symbol = StringField(_l("Symbol of the document"))
    concern_reason = TextAreaField(_l("Why it is published all the same"))
    instead = StringField(_l("Article to read instead: its address or number (not required)"))

    def ask(self, step: Step, piece: Piece, *, has_concerns: bool) -> None:
        """Say for which step this is."""
        self.step, self.piece = step, piece
        asked = {"remark"} if step in REMARKS else set()
        asked |= {"change", "note"} if step in PUBLISHING and piece.standing != "unpublished" else set()
        asked |= {"leader_who", "leader_how", "leader_symbol"} if RULES[step].is_approval else set()
        asked |= {"concern_reason"} if has_concerns else set()
        self.asked = asked | ({"at"} if step is Step.SCHEDULE else set()) | ({"instead"} if step is Step.TAKE_DOWN else set())
        self.remark.label.text = REMARKS.get(step, "")
        self.change.choices, self.leader_how.choices = list(CHANGES.items()), list(HOW.items())
        self.spoken = self._spoken()
        self.asked |= {"concern_reason"} if self.spoken else set()

    def given(self) -> Given:
        """Return what was said. Raises Refused; the sentence stands at its field then."""
        self._demand_short()
        return Given(
            seen=_number("seen"),
            after=_number("after"),
            remark=self._text("remark"),
            at=self._one("at", moments.instant_of) if "at" in self.asked else None,
            note=self._note(),
            leader=self._leader(),
            concern_reason=self._text("concern_reason"),
            instead=self._one("instead", self._thing) if self._line("instead") else None,
        )

    def _spoken(self) -> list[Concern]:
        name = public_words.FIELDS.get(self.step, "")
        is_said = name in self.asked and (name != "note" or self.change.data == "note")
        return public_words.concerns(self._text(name)[: LONGEST[name]], str(self[name].label.text)) if is_said else []

    def _demand_short(self) -> None:
        longest = LONGEST | ({"remark": LONGEST_REASON} if self.step is Step.TAKE_DOWN else {})
        for name in sorted(self.asked & longest.keys()):
            if len(self[name].data or "") > longest[name]:
                raise self._refused(name, _("This is too long: at most %(most)s characters.", most=longest[name]))

    def _line(self, name: str) -> str:
        return clean_line(self[name].data or "") if name in self.asked else ""

    def _text(self, name: str) -> str:
        lines = (clean_line(line) for line in (self[name].data or "").splitlines())
        return "\n".join(filter(None, lines)) if name in self.asked else ""

    def _note(self) -> str | None:
        if "change" not in self.asked or self.change.data not in CHANGES:
            return None
        if self.change.data == "note" and not self._line("note"):
            raise self._refused("note", _("Say in a sentence what has changed."))
        return self._line("note") if self.change.data == "note" else ""

    def _leader(self) -> dict[str, str]:
        said = {"who": self._line("leader_who"), "how": self._line("leader_how"), "symbol": self._line("leader_symbol")}
        if not any(said.values()):
            return {}
        if not said["who"]:
            raise self._refused("leader_who", _("Say who approved it."))
        if not said["how"] or said["how"] not in HOW:
            raise self._refused("leader_how", _("Say in which way it was approved."))
        return {name: value for name, value in said.items() if value}

    def _thing(self, text: str) -> int:
        found = kinds.of(self.piece).thing_at(text)
        if found is None:
            raise Refused(_("There is no article at this address, or with this number."))
        return found

    def _one(self, name: str, read: Any) -> int:
        try:
            return int(read(self._line(name)))
        except Refused as refused:
            raise self._refused(name, str(refused)) from refused

    def _refused(self, name: str, sentence: str) -> Refused:
        self[name].errors = [sentence]
        return Refused(sentence)


def _number(name: str) -> int:
    """Return what a hidden field says that its sender has seen; -1, which nothing has, where it says nothing."""
    said = request.form.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= len(str(LARGEST_ID)) else -1
