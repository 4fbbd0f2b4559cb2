"""An OpenID provider as a practice may run it: Django with django-oauth-toolkit. Run as a program of its own.

`python serving.py FOLDER CLIENT_ID CLIENT_SECRET` writes its address. Each line on its standard input, in
JSON, says what it knows from then on, and is answered with an empty line. It ends with its standard input.
"""

import json
import sys
import threading
from pathlib import Path
from typing import Any

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

_PAGE = "<!doctype html><html lang=en><title>{title}</title><main>{body}</main>"
_SIGN_IN = "<h1>Sign in</h1><form method=post>{% csrf_token %}{{ form.as_p }}<button>Sign in</button></form>"
_TEMPLATES = {
    "registration/login.html": _PAGE.format(title="Provider", body=_SIGN_IN),
    # The toolkit's own page of consent stands in this.
    "oauth2_provider/base.html": _PAGE.format(title="Provider", body="{% block content %}{% endblock %}"),
}


def set_up(folder: Path) -> None:
    """Settings, keys and tables, all in `folder`."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    loader = ("django.template.loaders.locmem.Loader", _TEMPLATES)
    apps = [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "oauth2_provider",
    ]
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        SECRET_KEY=pem.hex(),
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "provider.db",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA synchronous = OFF"},
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=apps,
        # The tables are made as the models say; versions of them are no concern here.
        MIGRATION_MODULES={app.rpartition(".")[2]: None for app in apps},
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # quick; its users are invented
        ROOT_URLCONF="addresses",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [loader, "django.template.loaders.app_directories.Loader"],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
        USE_TZ=True,
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": pem.decode(),
            "OAUTH2_VALIDATOR_CLASS": "claims.Claims",
            "PKCE_REQUIRED": True,
            "SCOPES": {"openid": "Who you are", "profile": "Your name", "email": "Email", "groups": "Groups"},
        },
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


def know(told: dict[str, Any]) -> None:
    """Take a person, or begin anew with the addresses to which browsers may be sent back."""
    from django.contrib.auth.models import Group, User
    from oauth2_provider.models import Application

    if "redirect" in told:
        User.objects.all().delete()
        Application.objects.update_or_create(
            client_id=sys.argv[2],
            defaults={
                "name": "Caseapp",
                "client_secret": sys.argv[3],
                "client_type": Application.CLIENT_CONFIDENTIAL,
                "authorization_grant_type": Application.GRANT_AUTHORIZATION_CODE,
                "algorithm": Application.RS256_ALGORITHM,
                "redirect_uris": " ".join(told["redirect"]),
            },
        )
    if "person" in told:
        person = told["person"]
        user, _ = User.objects.update_or_create(
            pk=person["id"], defaults={"username": person["username"], "first_name": person["name"]}
        )
        user.set_password(person["password"])
        user.save()
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in person["groups"]])


class Quiet(WSGIRequestHandler):  # type: ignore[misc]  # Django comes without types
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as Django calls it
        """Say nothing."""


def main() -> None:
    set_up(Path(sys.argv[1]))
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answer(f"http://127.0.0.1:{server.server_port}/o")
    for line in sys.stdin:
        know(json.loads(line))
        answer("")


def answer(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
