"""What somebody had typed into a form when their session ended: kept for an hour, and shown again to that person alone.

The form says, sealed, whose it is, on which page it stands and which of its boxes may be kept. Nothing else of what comes without a session
is looked at, and nothing is done with it: it waits, sealed too, in the visitor's new session until its person asks for the page again.
"""

from typing import Final

from django.http import HttpRequest, QueryDict

from s2s.accounts.actors import Actor
from s2s.web import carried
from s2s.web.forms import Form

WHOSE: Final = "whose"  # what the form sends along
WAITING: Final = "typed"  # where it lies in the session
MOST: Final = 16_000  # bytes, as a form sends them
KEPT: Final = 60 * 60  # seconds


def whose(request: HttpRequest, form: Form) -> str:
    """What a form sends along, so that it can be filled again; '' where nothing of it may be kept."""
    boxes = form.may_be_kept
    if not getattr(request, "keeps_typed", False) or not boxes or form.is_multipart():
        return ""
    return carried.seal(request.actor, {"page": request.path, "boxes": boxes})  # type: ignore[attr-defined]


def keep(request: HttpRequest) -> bool:
    """Keep what was sent without a session, if its form says whose it is. Whether anything is kept."""
    form = carried.read(request.POST.get(WHOSE, ""))
    if form is None or not isinstance(form.what, dict) or form.what.get("page") != request.path:
        return False
    said = _only(request.POST, form.what["boxes"]).urlencode()
    if len(said) > MOST:
        return False
    request.session[WAITING] = carried.seal(form, {"page": request.path, "said": said})
    request.session.set_expiry(KEPT)  # until somebody signs in
    return True


def _only(said: QueryDict, boxes: list[str]) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in said.lists():
        if name.split("-")[0] in boxes:
            kept.setlist(name, values)
    return kept


def give_back(request: HttpRequest, actor: Actor) -> None:
    """Once, on the page that it was typed on."""
    waits = _waiting(request, actor)
    if waits.get("page") == request.path:
        del request.session[WAITING]
        request.typed = QueryDict(waits["said"])  # type: ignore[attr-defined]
        request.typed_is_back = True  # type: ignore[attr-defined]


def drop_unless_of(request: HttpRequest, actor: Actor) -> None:
    """Somebody has signed in: what another person had typed is gone."""
    _waiting(request, actor)


def _waiting(request: HttpRequest, actor: Actor) -> dict[str, str]:
    """What waits for this person. What is old, or somebody else's, is dropped."""
    sealed = request.session.get(WAITING)
    if not sealed:
        return {}
    waits = carried.unsealed(actor, sealed, KEPT)
    if isinstance(waits, dict):
        return waits
    del request.session[WAITING]
    return {}
