"""Words on a page are for whoever has signed in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from s2s.words.readers import read_by


class Reads:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with read_by(lambda: getattr(request.user, "role", "")):
            return self.get_response(request)
