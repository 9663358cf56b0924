"""Why files are shut to somebody whose password an administrator assigned, and the link that opens them (3.6)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from s2s.accounts import interventions
from s2s.web.page import SignedIn, show


def link_needed(request: SignedIn) -> HttpResponse:
    user = request.actor.user
    if not user.is_shut_out:
        return redirect("home")
    if request.method != "POST" or not user.awaits_link:
        return show(request, "accounts/link_needed.html", {"user": user, "has_email": bool(user.recipient.email)})
    if interventions.send_link(actor=request.actor):
        messages.success(request, _("A link is on its way to the email address on record."))
    else:
        messages.error(
            request, _("No link was sent: there is no email address on record, or several links have been sent within the last hour.")
        )
    return redirect("link-needed")
