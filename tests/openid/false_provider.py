"""A provider that signs whatever it is told to, for statements that no real one would make."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import RSAKey

KEY = RSAKey.generate_key(2048, {"kid": "the key", "use": "sig"})


class FalseProvider:
    """`id_token` is what it gives for any code (None: nothing), `told` what it tells of its user."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.id_token: str | None = None
        self.told: dict[str, Any] = {}

    def answer(self, path: str) -> dict[str, Any] | None:
        token = {"access_token": "a", "token_type": "Bearer"}
        if self.id_token is not None:
            token["id_token"] = self.id_token
        answers: dict[str, dict[str, Any]] = {
            "/.well-known/openid-configuration": {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "userinfo_endpoint": f"{self.address}/userinfo",
                "id_token_signing_alg_values_supported": ["RS256", "HS256"],
            },
            "/token": token,
            "/keys": {"keys": [KEY.as_dict(private=False)]},
            "/userinfo": self.told,
        }
        return answers.get(path)


@contextmanager
def running_false_provider() -> Iterator[FalseProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            found = provider.answer(self.path)
            body = json.dumps(found).encode()
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as the library calls it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider = FalseProvider(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
