"""What the site says, in the language of the page: the sentences for codes and facts, the labels, and the texts of the help page."""

from s2s.words.administration import (
    categories,
    column,
    held,
    language,
    languages,
    open_or_closed,
    part_of_import,
    region,
    regions,
    school_type,
    school_types,
    skipped,
)
from s2s.words.help_texts import questions, terms
from s2s.words.labels import (
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
from s2s.words.sentences import Said, findings, kept, say, say_again
from s2s.words.users import activity, answer

__all__ = [
    "Said",
    "activity",
    "answer",
    "categories",
    "column",
    "findings",
    "form_words",
    "happened",
    "held",
    "kept",
    "kind",
    "language",
    "languages",
    "open_or_closed",
    "outcome",
    "part_of_import",
    "questions",
    "region",
    "regions",
    "reject_reason",
    "role",
    "say",
    "say_again",
    "school_type",
    "school_types",
    "show",
    "skipped",
    "state",
    "terms",
    "view",
]
