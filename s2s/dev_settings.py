"""The settings for `make dev`: code, templates, styles and scripts are read again when they change. Nothing else differs."""

from s2s.settings import *  # noqa: F403

TEMPLATES[0]["OPTIONS"]["auto_reload"] = True  # type: ignore[index]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
