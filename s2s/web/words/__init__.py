"""What the site says, in the language of the page: the sentences for codes and facts, the labels, and the texts of the help page."""

from s2s.web.words.help_texts import questions, terms
from s2s.web.words.labels import (
    form_words,
    happened,
    kind,
    outcome,
    reject_reason,
    role,
    show,
    state,
    view,
)
from s2s.web.words.sentences import Said, findings, kept, say, say_again

__all__ = [
    "Said",
    "findings",
    "form_words",
    "happened",
    "kept",
    "kind",
    "outcome",
    "questions",
    "reject_reason",
    "role",
    "say",
    "say_again",
    "show",
    "state",
    "terms",
    "view",
]
