"""Every address of the site; each is a row of `web/urls.py` that names a right."""

from s2s.web.urls import urlpatterns

__all__ = ["urlpatterns"]

handler400 = "s2s.web.errors.bad_request"
handler404 = "s2s.web.errors.not_found"
handler500 = "s2s.web.errors.server_error"
