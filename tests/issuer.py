"""A small OpenID Connect issuer on this machine, as DfE Sign-in is one: discovery, keys, code with PKCE, userinfo, end of session.

It lets everybody in at once, as whoever `claims` says, and keeps what it was asked. `description`, `token` and `answers` let a test
make it lie.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "s2s", "between the issuer and us"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))


class Issuer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Door)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.claims: dict[str, object] = {"sub": "dfe-1", "email": "", "email_verified": True}
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.description: dict[str, str] = {}
        self.token: Callable[[dict[str, object]], str] = signed
        self.moved: dict[str, str] = {}  # paths that lead elsewhere

    def described(self) -> dict[str, object]:
        paths = {
            "authorization_endpoint": "auth",
            "token_endpoint": "token",
            "jwks_uri": "certs",
            "userinfo_endpoint": "me",
            "end_session_endpoint": "session/end",
        }
        addresses = {name: f"{self.address}/{path}" for name, path in paths.items()}
        return {"issuer": self.address, "token_endpoint_auth_methods_supported": ["client_secret_post"], **addresses, **self.description}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        standard = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        return self.token({**standard, "sub": self.claims["sub"]})


def signed(claims: dict[str, object], key: object = KEY) -> str:
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "one"})  # type: ignore[arg-type]


class Door(BaseHTTPRequestHandler):
    server: Issuer

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self.server.asked.append(place.path)
        asked = {name: values[0] for name, values in parse_qs(place.query).items()}
        if place.path in self.server.moved:
            self._send_to(self.server.moved[place.path])
        elif place.path == "/.well-known/openid-configuration":
            self._say(self.server.described())
        elif place.path == "/certs":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self._say({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
        elif place.path == "/auth":
            code = secrets.token_urlsafe(8)
            self.server.codes[code] = asked
            self._send_to(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        elif place.path == "/me":
            self._say(self.server.claims)
        elif place.path == "/session/end":
            self._send_to(asked["post_logout_redirect_uri"])

    def do_POST(self) -> None:
        self.server.asked.append(self.path)
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()}
        asked = self.server.codes.pop(form["code"], None)
        if asked is None or not self._is_proved(asked, form):
            self._say({"error": "invalid_grant"}, 400)
        else:
            self._say({"access_token": "a", "token_type": "Bearer", "id_token": self.server.id_token(asked["nonce"])})

    def _is_proved(self, asked: dict[str, str], form: dict[str, str]) -> bool:
        """The secret, the address, and the proof of PKCE."""
        proof = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        of_client = (form["client_id"], form["client_secret"], form["redirect_uri"]) == (CLIENT, SECRET, asked["redirect_uri"])
        return of_client and asked["code_challenge_method"] == "S256" and asked["code_challenge"] == proof

    def _say(self, said: object, status: int = 200) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_to(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def issuer() -> Iterator[Issuer]:
    with Issuer() as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)  # seconds until it notices that it is to stop
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
