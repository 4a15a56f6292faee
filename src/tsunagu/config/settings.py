"""Django settings. Everything that differs between machines comes from the environment.

`TSUNAGU_MODE=local` (set by `make run` and the tests) allows what only one person's machine may do: a secret key
made on first start and one-time sign-in links for demo people. Without it the server refuses weak configuration.
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from tsunagu.config.database import database_settings
from tsunagu.config.oidc_settings import oidc_apps
from tsunagu.config.storage import file_storage
from tsunagu.outbox.server import MailServer, mail_server

PROJECT_DIR = Path(__file__).resolve().parents[3]
PACKAGE_DIR = Path(__file__).resolve().parents[1]
DATA_DIR = PROJECT_DIR / "data"
VAR_DIR = Path(os.environ.get("TSUNAGU_VAR") or PROJECT_DIR / "var")

LOCAL_MODE = os.environ.get("TSUNAGU_MODE") == "local"
# A made-up programme to look at, in a database of its own (`make demo`).
DEMO_MODE = LOCAL_MODE and os.environ.get("TSUNAGU_DEMO") == "1"
DEBUG = False


def _secret_key() -> str:
    """The signing key: from the environment; in local mode made once and kept in `var/`."""
    from_environment = os.environ.get("TSUNAGU_SECRET_KEY", "")
    if len(from_environment) >= 50:
        return from_environment
    if from_environment or not LOCAL_MODE:
        raise ImproperlyConfigured("TSUNAGU_SECRET_KEY に50文字以上の秘密の文字列を設定してください。")
    path = VAR_DIR / "secret_key"
    if not path.exists():
        import secrets

        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


SECRET_KEY = _secret_key()
# The key before the last change: sessions and second steps made with it stay good.
SECRET_KEY_FALLBACKS = [key for key in [os.environ.get("TSUNAGU_SECRET_KEY_OLD", "")] if key]
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"] if LOCAL_MODE else []
ALLOWED_HOSTS += [host for host in os.environ.get("TSUNAGU_HOSTS", "").split(",") if host]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in os.environ.get("TSUNAGU_HOSTS", "").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "tsunagu.design",
    "tsunagu.sharing",
    "tsunagu.history",
    "tsunagu.outbox",
    "tsunagu.files",
    "tsunagu.accounts",
    "tsunagu.registry",
    "tsunagu.certificates",
    "tsunagu.activities",
    "tsunagu.questionnaires",
    "tsunagu.reviewing",
    "tsunagu.surveys",
    "tsunagu.figures",
    "tsunagu.findings",
    "tsunagu.recommending",
    "tsunagu.reporting",
    "tsunagu.selection",
    "tsunagu.cases",
    "tsunagu.experts",
    "tsunagu.talent",
    "tsunagu.awards",
    "tsunagu.transition",
    "tsunagu.operations",
    "tsunagu.portal",
    "tsunagu.search",
    "tsunagu.api",
    "tsunagu.demo",
    "tsunagu.config",
    # Below the rooms, so that the pages of `accounts` come before the library's own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    # With its HTTP client, only where outside sign-in services are named (config/oidc_settings.py).
    *(["allauth.socialaccount.providers.openid_connect"] if "TSUNAGU_OIDC_PROVIDERS" in os.environ else []),
]

MIDDLEWARE = [
    "tsunagu.operations.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "tsunagu.sharing.middleware.SecurityHeadersMiddleware",
    "tsunagu.sharing.middleware.NoNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tsunagu.accounts.session_limits.SessionLimitsMiddleware",
    "tsunagu.accounts.middleware.ViewerMiddleware",
    "tsunagu.accounts.second_step.SecondStepMiddleware",
    "tsunagu.history.middleware.ActingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "tsunagu.sharing.middleware.AudienceMiddleware",
    "tsunagu.sharing.sent_once.SentOnceMiddleware",
]

ROOT_URLCONF = "tsunagu.config.urls"
WSGI_APPLICATION = "tsunagu.config.wsgi.application"
AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "accounts:landing"
LOGOUT_REDIRECT_URL = "portal:top"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tsunagu.design.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "tsunagu.design.templatetags.tsunagu"],
        },
    }
]

DATABASES = {"default": database_settings(VAR_DIR)}
# The role the web and the workers connect as: it can add to the history only through the database's own triggers.
DATABASE_APP_ROLE = os.environ.get("TSUNAGU_APP_ROLE", "tsunagu_app")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# An address typed without a scheme is taken as https (Django's default from 6.0 on).
FORMS_URLFIELD_ASSUME_HTTPS = True

LANGUAGE_CODE = "ja"
LANGUAGES = [("ja", "日本語"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Asia/Tokyo"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": file_storage(os.environ),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR_DIR / "files"
TSUNAGU_SEARCH_DIR = Path(os.environ.get("TSUNAGU_SEARCH_DIR") or VAR_DIR / "search")
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024


def _mail_server() -> MailServer | None:
    try:
        return mail_server(os.environ.get("TSUNAGU_SMTP_URL", ""))
    except ValueError as error:
        raise ImproperlyConfigured(str(error)) from None


# Without a mail server, local mode keeps mails as files; elsewhere a check refuses to start (outbox.apps).
MAIL_SERVER = _mail_server()
MAIL_FROM = os.environ.get(
    "TSUNAGU_MAIL_FROM", "つなぐ（手元の試用環境） <tsunagu@localhost>" if LOCAL_MODE else ""
)
MAIL_REPLY_TO = os.environ.get("TSUNAGU_MAIL_REPLY_TO", "")
MAIL_FOLDER = VAR_DIR / "mail"
EMAIL_USE_LOCALTIME = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if not LOCAL_MODE:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if os.environ.get("TSUNAGU_BEHIND_PROXY") == "1":
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Every table is watched (tsunagu.history) except these, each for its reason.
HISTORY_EXEMPT = {
    "sharing": "answers and input kept for hours, sealed so that the database cannot read them",
    "sessions": "ends and begins with every visit; sign-ins are noted on their own",
    "contenttypes": "made by the framework from the code",
    "auth": "the framework's own permissions are not used",
    "reporting.FieldRead": "which questions are opened: counts of use, no fact of the programme",
    "activities.Stale": "marks for the roll-up, made and taken away by the database itself",
    "api.GivenAnswer": "answers kept for two days so that a request sent twice is done once",
    "api.TableState": "what public tables add up to: computed from records that are watched",
    "search.Mark": "marks for the search index, made by the database itself and taken away by its keeper",
    "search.MissedQuestion": "counts of what nobody found: no fact of the programme",
    "activities.YearCount": "counted from the log, which is watched",
    "activities.MonthCount": "counted from the log, which is watched",
    "activities.HelpedCompany": "counted from the log, which is watched",
    "activities.CompanyCount": "counted from the log, which is watched",
    "questionnaires.FleetingAnswer": "anonymous answers being written: a log of them would name who wrote what",
    "surveys.AnonymousAnswer": "anonymous answers: a log of them would name who sent them and when",
    "procrastinate": "jobs keep their own events; what they do to records is watched there",
}
HISTORY_THIRD_PARTY: dict[str, dict[str, tuple[str, ...]]] = {
    "mfa.Authenticator": {"secret": ("data",), "silent": ("last_used_at",)},
    "socialaccount.SocialToken": {"secret": ("token", "token_secret")},
    "socialaccount.SocialApp": {"secret": ("secret", "key")},
    "socialaccount.SocialAccount": {"silent": ("last_login",)},
    "usersessions.UserSession": {"secret": ("session_key", "data"), "silent": ("last_seen_at",)},
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "tsunagu.accounts.password_validation.PasswordRules"}]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# Where links in mails lead: never taken from a request outside one's own machine.
TSUNAGU_BASE_URL = os.environ.get("TSUNAGU_BASE_URL", "").rstrip("/")
if not TSUNAGU_BASE_URL and not LOCAL_MODE and os.environ.get("TSUNAGU_HOSTS"):
    TSUNAGU_BASE_URL = f"https://{os.environ['TSUNAGU_HOSTS'].split(',')[0]}"
if LOCAL_MODE:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

# A second step for the roles that `accounts.rules` names; only one's own machine and tests may switch it off.
TSUNAGU_REQUIRE_TWO_STEPS = True
# How many proxies in front add to X-Forwarded-For; with 0 the header is never believed.
TSUNAGU_TRUSTED_PROXY_COUNT = int(os.environ.get("TSUNAGU_TRUSTED_PROXY_COUNT", "0"))

# Counters of attempts lie in PostgreSQL, so that every web process counts together. The table is made by
# accounts.0010; rows out of date are removed once there are MAX_ENTRIES.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_counter",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

# Limits of searching and of taking files (sharing.limits); a measurement on one's own machine lifts them.
TSUNAGU_LIMITS = not (LOCAL_MODE and os.environ.get("TSUNAGU_NO_LIMITS") == "1")

# "host:port" pairs of one's own machine that the weekly look at registered pages may open: for tests only.
TSUNAGU_LINK_CHECK_ALLOWED: frozenset[str] = frozenset()

ACCOUNT_ADAPTER = "tsunagu.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_FORMS = {
    "login": "tsunagu.accounts.forms.SignInForm",
    "reauthenticate": "tsunagu.accounts.forms.ConfirmByPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/15m/ip",
    "login_failed": "20/15m/ip,5/15m/key",
    "mail_link": "20/h/ip,3/h/key",
    "open_link": "60/15m/ip",
    "outside": "60/15m/ip",
    "change_email": "3/h/user",
    "reauthenticate": "10/15m/user",
}
MFA_ADAPTER = "tsunagu.accounts.adapters.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "つなぐ"
MFA_RECOVERY_CODE_COUNT = 10
MFA_FORMS = {
    "authenticate": "tsunagu.accounts.forms.SecondStepForm",
    "reauthenticate": "tsunagu.accounts.forms.ConfirmByCodeForm",
    "activate_totp": "tsunagu.accounts.forms.StartAppForm",
    "add_webauthn": "tsunagu.accounts.passkey_forms.AddPasskeyForm",
    "edit_webauthn": "tsunagu.accounts.passkey_forms.NamePasskeyForm",
}
SOCIALACCOUNT_ADAPTER = "tsunagu.accounts.adapters.OutsideAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "tsunagu.accounts.oidc_provider.StrictProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": oidc_apps(os.environ, local=LOCAL_MODE),
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
