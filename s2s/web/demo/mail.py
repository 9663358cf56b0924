"""The demonstration's post: e-mails that a real site would send. Nobody outside the demonstration ever reaches it."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from s2s.notices.models import Email, State
from s2s.notices.outbox import Letter
from s2s.web.page import a_page, show
from s2s.words import emails


@dataclass(frozen=True)
class Shown:
    """An e-mail and what it says."""

    email: Email
    letter: Letter

    @property
    def is_sent(self) -> bool:
        return self.email.state == State.SENT


def mail(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    found = Email.objects.exclude(state=State.UNWRITTEN).order_by("-queued_at", "-pk")
    if to := request.GET.get("to", "").replace("\0", ""):
        found = found.filter(to=to)
    page = a_page(request, found)
    letters = [Shown(email, emails.write(email)) for email in page.object_list]
    return show(request, "demo/mail.html", {"page": page, "letters": letters, "to": to})
