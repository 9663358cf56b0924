"""One settings file, read from the environment; `docs/operating.md` explains every name."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from s2s.kept import kept
from s2s.machine.lines import Line
from s2s.web import security

PROJECT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("S2S_DATA", PROJECT / ".s2s")).absolute()


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "")
    return value in {"1", "true", "yes"} if value else default


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value and not value.isdigit():
        raise ImproperlyConfigured(f"{name} is {value!r}: it must be a whole number.")
    return int(value or default)


def secret_key() -> str:
    """The key that signs sessions, made at first use and kept in the data folder."""
    return kept(DATA / "secret.key", lambda: secrets.token_urlsafe(48).encode()).decode()


DEBUG = False
DEMO = flag("S2S_DEMO")
SERVICE_REQUEST_FORM = os.environ.get("S2S_SERVICE_REQUEST_FORM", "https://www.gov.uk/contact-dfe")  # 2.1
DEMO_PASSWORD = os.environ.get("S2S_DEMO_PASSWORD", "demo-only-Password-1")
SECRET_KEY = os.environ.get("S2S_SECRET_KEY") or secret_key()
SECRET_KEY_FALLBACKS = [key for key in os.environ.get("S2S_OLD_SECRET_KEYS", "").split(",") if key]
SHORTEST_KEY = 32  # characters
ALLOWED_HOSTS = [host for host in os.environ.get("S2S_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
SITE_URL = os.environ.get("S2S_SITE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}").rstrip("/")
SECURE = SITE_URL.startswith("https://")
TRUSTED_PROXY = flag("S2S_TRUSTED_PROXY")  # the last X-Forwarded-For entry is then the visitor's address

# Keys of stored files (age) and of the audit trail: outside the database, so that a copy of the database alone opens nothing.
KEYS = Path(os.environ.get("S2S_KEYS", DATA / "keys")).absolute()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "s2s.audit",
    "s2s.notices",
    "s2s.organisations",
    "s2s.accounts",
    "s2s.transfers",
    "s2s.administration",
    "s2s.web",
]

MIDDLEWARE = [
    "s2s.web.security.Headers",
    "s2s.web.bodies.Limits",
    "s2s.web.outage.Outage",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "s2s.web.security.NoSuchFile",
    "s2s.web.outage.Sessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "s2s.web.readers.Reads",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "s2s.web.accounts.sessions.Limits",
    "s2s.web.bodies.AskedFirst",
]

ROOT_URLCONF = "s2s.urls"
WSGI_APPLICATION = "s2s.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PROJECT / "s2s/web/templates"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "s2s.web.environment.environment"},
    }
]

DATABASES = {"default": dj_database_url.parse(os.environ.get("DATABASE_URL", "postgresql:///s2s"), conn_max_age=0, conn_health_checks=True)}
STATEMENT_TIMEOUT = number("S2S_STATEMENT_TIMEOUT", 60)  # seconds; 0: none
DATABASES["default"]["OPTIONS"] = {
    # A server whose machine is gone says nothing: after a quarter of a minute of silence the connection counts as dead.
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,  # milliseconds
    **({"options": f"-c statement_timeout={STATEMENT_TIMEOUT}s"} if STATEMENT_TIMEOUT else {}),
    **DATABASES["default"].get("OPTIONS", {}),
    "server_side_binding": True,  # with the next line: what is asked often is planned once, and files travel as they are, not as text
    "prepare_threshold": 5,
    # A short wait, and no long pause between tries: the site is back as soon as its database is.
    "pool": {"min_size": 1, "max_size": number("S2S_POOL", 8), "timeout": 3, "reconnect_timeout": 2, "connection_class": Line},
}
# Counters of attempts sit here: in the database, so that they hold over processes, and roomy, so that nobody can push them out.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "s2s_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_IMPORT_PATHS = ["s2s.upkeep.tasks"]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["s2s.accounts.backend.People"]
PASSWORD_HASHERS = ["s2s.accounts.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "s2s.accounts.passwords.HardToGuess"},
]
ASSIGNED_PASSWORDS = os.environ.get("S2S_ASSIGNED_PASSWORDS", "1") not in {"0", "false", "no"}  # 3.3, 3.6; links go out in any case
LOGIN_URL = "/sign-in"

# django-allauth does the second factor, the list of sessions and OpenID Connect behind our own pages; none of its own is reachable.
# Of every role that sees pupils beyond one school. Switched off by hand while people are changing over.
REQUIRE_SECOND_FACTOR = flag("S2S_REQUIRE_SECOND_FACTOR", default=not DEMO)
ACCOUNT_ADAPTER = "s2s.web.accounts.adapters.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
# The second step counts wrong codes by person alone: only whoever has shown the password gets there, and nobody else pays for it.
ACCOUNT_RATE_LIMITS = {"login_failed": "5/15m/key", "reset_password": "20/h/ip,5/h/key"}
MFA_ADAPTER = "s2s.accounts.second_factor.Authenticators"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "s2s"
MFA_TOTP_TOLERANCE = 1  # half a minute before and after
MFA_RECOVERY_CODES_SHOW_ONCE = True

# DfE Sign-in, or another issuer of OpenID Connect; without an issuer there is no trace of it on the site.
DEMO_ISSUER = f"{SITE_URL}/demo/issuer" if DEMO else ""  # the demonstration plays DfE Sign-in itself
OIDC_ISSUER = os.environ.get("S2S_OIDC_ISSUER", DEMO_ISSUER)
OIDC_CLIENT = os.environ.get("S2S_OIDC_CLIENT", "s2s" if DEMO else "")
OIDC_SECRET = os.environ.get("S2S_OIDC_SECRET", "demo" if DEMO else "")
OIDC_NAME = os.environ.get("S2S_OIDC_NAME", "DfE Sign-in")
SOCIALACCOUNT_ADAPTER = "s2s.web.accounts.adapters.Issuers"

PREFIX = "__Host-" if SECURE else ""  # no other host may set such a cookie
SESSION_COOKIE_NAME = f"{PREFIX}s2s_session"
SESSION_ENGINE = "s2s.accounts.session_store"
SESSION_COOKIE_AGE = 15 * 60  # idle limit in seconds; each use extends it
SESSION_ABSOLUTE_AGE = 10 * 60 * 60  # seconds from sign-in, however busy
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
CSRF_COOKIE_NAME = f"{PREFIX}s2s_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "s2s.web.errors.forgery"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SECURE else []
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
LANGUAGE_COOKIE_NAME = f"{PREFIX}s2s_language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_SSL_REDIRECT = False  # the proxy in front does it
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# An upload is held in memory, never in a temporary file: what is not yet encrypted does not touch the disk.
MAX_REQUEST = security.MAX_REQUEST
UPLOAD_MEMORY = number("S2S_UPLOAD_MEMORY", 512)  # megabytes of bodies at once, over all web processes of this machine
WEB_THREADS = number("S2S_WEB_THREADS", 4)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_REQUEST
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 1000  # the form takes 200 and says so; of more than this nothing is read
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cy", _("Cymraeg"))]
LOCALE_PATHS = [PROJECT / "locale"]

TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = PROJECT / ".build/static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    path for path in (PROJECT / ".build/assets", PROJECT / "s2s/web/static") if path.is_dir()
]
STATICFILES_DIRS += [("guides", PROJECT / "docs/pictures")]  # of the guides below Help
WHITENOISE_MAX_AGE = 3600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# E-mail: EMAIL_URL=smtp://user:password@host:587/?tls=1 (or smtps://…:465). The demo keeps its e-mails on /demo/mail.
_mail = urlsplit(os.environ.get("EMAIL_URL", "demo:" if DEMO else "smtp://127.0.0.1:25"))
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend" if _mail.scheme == "demo" else "s2s.notices.smtp.Backend"
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or 25
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_TLS = "tls=1" in _mail.query
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_TIMEOUT = 20  # seconds for every answer but the one to a whole message (`notices/smtp.py`)
MAIL_LINES = max(1, number("S2S_MAIL_LINES", 4))  # conversations with the mail server beside one another
DEFAULT_FROM_EMAIL = os.environ.get("S2S_FROM", "s2s <no-reply@s2s.example>")
EMAIL_SUBJECT_PREFIX = ""

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "s2s.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"no_secrets": {"()": "s2s.web.security.NoSecrets"}, "outages": {"()": "s2s.logs.Outages"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["no_secrets", "outages"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "procrastinate": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}

if SECURE and not TRUSTED_PROXY:  # else all visitors have the proxy's address, and lock one another out
    raise RuntimeError("S2S_SITE_URL begins with https://, so a proxy stands in front: set S2S_TRUSTED_PROXY=1 (docs/operating.md).")
if not SECURE and not security.is_loopback(SITE_URL):
    raise RuntimeError("S2S_SITE_URL begins with http://: beyond this machine passwords and files would travel in clear. Use https://.")
if any(host.strip() in {"*", "."} for host in ALLOWED_HOSTS):
    raise RuntimeError("S2S_HOSTS has to name the host names of the site: with * anybody can write an address into our e-mails.")
if any(len(key) < SHORTEST_KEY for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)):
    raise RuntimeError(f"S2S_SECRET_KEY and each of S2S_OLD_SECRET_KEYS need {SHORTEST_KEY} characters: openssl rand -hex 32")
if DEMO and not security.is_loopback_host(os.environ.get("S2S_BIND", "127.0.0.1")):
    raise RuntimeError("The demonstration answers on this machine only: S2S_DEMO=1 needs an S2S_BIND that is 127.0.0.1 or ::1.")
if DEMO and not security.is_loopback(SITE_URL):
    raise RuntimeError("The demonstration answers on this machine only: S2S_DEMO=1 needs an S2S_SITE_URL on 127.0.0.1 or localhost.")
if OIDC_ISSUER and not (OIDC_ISSUER.startswith("https://") or security.is_loopback(OIDC_ISSUER)):
    raise RuntimeError("S2S_OIDC_ISSUER has to begin with https://: what it says decides who is let in.")
