"""All settings, read from the environment (see .env.example). Nothing here knows the sandbox."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from portal import job_kinds
from portal.env import Environment
from portal.logging import logging_settings
from portal.policy import require_one_world, require_signing_key

env = Environment()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Which process is this? Each one reads only the secrets that are its own. -------------------------------
PROCESSES = ("web", "worker", "worker-revoke", "beat", "cli")
PORTAL_PROCESS = env.text("PORTAL_PROCESS", "cli")
if PORTAL_PROCESS not in PROCESSES:
    raise ImproperlyConfigured(f"PORTAL_PROCESS must be one of {', '.join(PROCESSES)}.")
_IS_WEB = PORTAL_PROCESS == "web"
_SERVES = PORTAL_PROCESS != "cli"


def _secret_for(process: str, name: str) -> str:
    return env.text(name) if PORTAL_PROCESS in (process, "cli") else ""


# --- The world around us --------------------------------------------------------------------------------------
DEMO = env.flag("DEMO")
PORTAL_BIND = env.text("PORTAL_BIND", "127.0.0.1:8000")
PORTAL_URL = env.url("PORTAL_URL", "http://127.0.0.1:8000")
BITBUCKET_WEB_URL = env.url("BITBUCKET_WEB_URL", "https://bitbucket.org")
BITBUCKET_SSH_URL = env.ssh_address("BITBUCKET_SSH_URL", "ssh://git@bitbucket.org")
BITBUCKET_API_URL = env.url("BITBUCKET_API_URL", "https://api.bitbucket.org/2.0")
ATLASSIAN_API_URL = env.url("ATLASSIAN_API_URL", "https://api.atlassian.com")
ATLASSIAN_ID_URL = env.url("ATLASSIAN_ID_URL", "https://id.atlassian.com")
BITBUCKET_WORKSPACES = env.listing("BITBUCKET_WORKSPACES")
OUTBOUND_PROXY = env.text("OUTBOUND_PROXY")
CA_BUNDLE = env.text("CA_BUNDLE")

ATLASSIAN_ORG_ID = env.text("ATLASSIAN_ORG_ID")
ATLASSIAN_DIRECTORY_ID = env.text("ATLASSIAN_DIRECTORY_ID")
ATLASSIAN_AUDIT_KEY = _secret_for("worker", "ATLASSIAN_AUDIT_KEY")
AUDIT_BOT_EMAIL = env.text("AUDIT_BOT_EMAIL")
AUDIT_BOT_TOKEN = _secret_for("worker", "AUDIT_BOT_TOKEN")
# Optional: a workspace access token (Premium) takes the reads it is allowed, under its own, larger limit.
AUDIT_WORKSPACE_TOKEN = _secret_for("worker", "AUDIT_WORKSPACE_TOKEN")
# Optional: signs evidence packs; without it none can be made, and the portal says so.
AUDIT_SIGNING_KEY = _secret_for("worker", "AUDIT_SIGNING_KEY")
ATLASSIAN_REVOKE_KEY = _secret_for("worker-revoke", "ATLASSIAN_REVOKE_KEY")
REVOKE_BOT_EMAIL = env.text("REVOKE_BOT_EMAIL")
REVOKE_BOT_TOKEN = _secret_for("worker-revoke", "REVOKE_BOT_TOKEN")
BITBUCKET_OAUTH_KEY = env.text("BITBUCKET_OAUTH_KEY") if _IS_WEB or not _SERVES else ""
BITBUCKET_OAUTH_SECRET = _secret_for("web", "BITBUCKET_OAUTH_SECRET")

# Newest first. A fingerprint says which one it was made with, so an old pepper stays until its fingerprints are gone.
FINGERPRINT_PEPPERS = [part for part in _secret_for("web", "FINGERPRINT_PEPPERS").split(",") if part.strip()]
PORTAL_ADMINS = env.listing("PORTAL_ADMINS")
PORTAL_AUDITORS = env.listing("PORTAL_AUDITORS")

# --- Django -----------------------------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS") or (["127.0.0.1", "localhost"] if DEMO else [])
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TIME_ZONE = "UTC"
USE_TZ = True
LANGUAGE_CODE = "en"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "accounts.bitbucket_provider",
    "audit",
    "workqueue",
    "accounts",
    "tokens",
    "offboarding",
    "portal",
    "django_htmx",
    "template_partials",
    "csp",
]

MIDDLEWARE = [
    "portal.middleware.RequestIdMiddleware",
    "portal.middleware.ServiceUnavailableMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.middleware.BrowserPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.nonce",
                "portal.context.shell",
            ],
        },
    }
]
FORM_RENDERER = "portal.forms_renderer.PortalFormRenderer"

_database = env.database("DATABASE_URL")
DATABASES = {
    "default": {
        **_database,
        "ATOMIC_REQUESTS": False,
        "CONN_HEALTH_CHECKS": True,
        # The web process keeps a small pool; jobs use one connection a process.
        "CONN_MAX_AGE": 0 if _IS_WEB else 60,
        "OPTIONS": {
            "connect_timeout": 3,
            **({"pool": {"min_size": 1, "max_size": 8, "timeout": 3}} if _IS_WEB else {}),
        },
    }
    if _database
    else {"ENGINE": "django.db.backends.dummy"}
}
REDIS_URL = env.text("REDIS_URL")

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024

# --- Sessions, cookies, headers ---------------------------------------------------------------------------------
_HTTPS = PORTAL_URL.startswith("https://")
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_NAME = "__Host-session" if _HTTPS else "portal_session"
SESSION_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from Bitbucket's consent page
CSRF_COOKIE_NAME = "__Host-csrf" if _HTTPS else "portal_csrf"
CSRF_COOKIE_SECURE = _HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PORTAL_URL]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _HTTPS
SECURE_HSTS_PRELOAD = _HTTPS
# A proxy that ends TLS in front of us is named on purpose; its header is believed from nobody else.
TRUSTED_PROXIES = env.listing("TRUSTED_PROXIES")
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # The sign-in form answers with a redirect to Bitbucket, which Chromium counts as part of the form's action.
        "form-action": [SELF, BITBUCKET_WEB_URL],
        "manifest-src": [SELF],
    }
}

# --- Sign-in ----------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "accounts.roles.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "signin"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "signed_out"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapters.BitbucketAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "signed_out"
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "bitbucket_oauth2": {
        "APPS": [{"client_id": BITBUCKET_OAUTH_KEY, "secret": BITBUCKET_OAUTH_SECRET, "key": ""}],
        "SCOPE": ["account", "email"],
    }
}

# --- E-mail -----------------------------------------------------------------------------------------------------
_email = env.email("EMAIL_URL")
EMAIL_BACKEND = str(_email["EMAIL_BACKEND"])
globals().update(_email)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Credential Portal <portal@localhost>")

# --- Jobs -------------------------------------------------------------------------------------------------------
JOB_KINDS = job_kinds.JOB_KINDS
CELERY_BEAT_SCHEDULE = job_kinds.BEAT_SCHEDULE

# --- Policy -----------------------------------------------------------------------------------------------------
REQUEST_LAPSES_AFTER_DAYS = env.number("REQUEST_LAPSES_AFTER_DAYS", 14, at_least=1)
# What the inventory may do by itself: observe looks and mails nobody, advise tells holders, enforce also revokes what
# stays undeclared past its date.
INVENTORY_MODE = env.choice("INVENTORY_MODE", "observe", ("observe", "advise", "enforce"))
# What exists at the first look has this long to be declared.
BASELINE_DAYS = env.number("BASELINE_DAYS", 60, at_least=1)
KEY_OVERLAP_DAYS = env.number("KEY_OVERLAP_DAYS", 7, at_least=1)
IDLE_AFTER_DAYS = env.number("IDLE_AFTER_DAYS", 90, at_least=1)
# Grants and deploy keys of each place are read again when what is known is older than this, as far as the hourly
# budget allows; members, projects, repositories and tokens are read every night.
INVENTORY_MAX_AGE_HOURS = env.number("INVENTORY_MAX_AGE_HOURS", 24, at_least=1)
# Bitbucket's limit per account and rolling hour: https://support.atlassian.com/bitbucket-cloud/docs/api-request-limits/
BITBUCKET_REQUESTS_PER_HOUR = env.number("BITBUCKET_REQUESTS_PER_HOUR", 1000, at_least=1)
# Atlassian publishes no number for its organisation APIs; this only keeps a fault from asking without end.
ORGANISATION_REQUESTS_PER_HOUR = env.number("ORGANISATION_REQUESTS_PER_HOUR", 5000, at_least=1)
# How a leaver's account is switched off: disable its lifecycle, or suspend it in the organisation's directory, which
# keeps its groups and needs ATLASSIAN_DIRECTORY_ID.
OFFBOARDING_ACCOUNT = env.choice("OFFBOARDING_ACCOUNT", "disable", ("disable", "suspend"))
PASTE_LIMIT = 5
PASTE_WINDOW_MINUTES = 10

LOGGING = logging_settings(level=env.text("LOG_LEVEL", "INFO"))
LOGGING_CONFIG = "logging.config.dictConfig"

if _SERVES:
    for _name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        env.required(_name)
    if _IS_WEB:
        for _name in (
            "BITBUCKET_OAUTH_KEY",
            "BITBUCKET_OAUTH_SECRET",
            "FINGERPRINT_PEPPERS",
            "BITBUCKET_WORKSPACES",
        ):
            env.required(_name)
    require_one_world(
        demo=DEMO,
        base_urls={
            "PORTAL_URL": PORTAL_URL,
            "BITBUCKET_WEB_URL": BITBUCKET_WEB_URL,
            "BITBUCKET_API_URL": BITBUCKET_API_URL,
            "ATLASSIAN_API_URL": ATLASSIAN_API_URL,
            "ATLASSIAN_ID_URL": ATLASSIAN_ID_URL,
        },
        secrets={
            "ATLASSIAN_AUDIT_KEY": ATLASSIAN_AUDIT_KEY,
            "AUDIT_BOT_TOKEN": AUDIT_BOT_TOKEN,
            "AUDIT_WORKSPACE_TOKEN": AUDIT_WORKSPACE_TOKEN,
            "AUDIT_SIGNING_KEY": AUDIT_SIGNING_KEY,
            "ATLASSIAN_REVOKE_KEY": ATLASSIAN_REVOKE_KEY,
            "REVOKE_BOT_TOKEN": REVOKE_BOT_TOKEN,
            "BITBUCKET_OAUTH_SECRET": BITBUCKET_OAUTH_SECRET,
        },
        bind=PORTAL_BIND if _IS_WEB else "127.0.0.1:0",
    )
    require_signing_key(AUDIT_SIGNING_KEY, demo=DEMO)
