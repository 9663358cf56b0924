"""The demonstration's post: e-mails that a real site would send. Nobody outside the demonstration ever reaches it."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from s2s.notices.models import Email
from s2s.web.page import a_page


def mail(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    letters = Email.objects.order_by("-queued_at", "-pk")
    if to := request.GET.get("to", "").replace("\0", ""):
        letters = letters.filter(to=to)
    return render(request, "demo/mail.html", {"page": a_page(request, letters), "to": to})
