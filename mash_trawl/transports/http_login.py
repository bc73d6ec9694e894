"""How a source knows us: an OAuth2 token for client credentials (RFC 6749 section 4.4), an API key, or nothing."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote_plus, urlencode

from mash_trawl.errors import Malformed
from mash_trawl.transports.http_settings import HttpSettings

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}")
_UNSAID = 60
"""Seconds that a token is kept when the server does not say how long it lives."""


class Login:
    """The token of one source, shared by its lines.

    `turn` is held by the line that logs in: a service may know one token of ours at a time, so that two logins at once
    would cost one line its token.
    """

    def __init__(self, settings: HttpSettings, now: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._now = now
        self._token: tuple[str, float] | None = None
        self._lock = threading.Lock()
        self.turn = threading.Lock()

    @property
    def renewable(self) -> bool:
        """True if a new token may be asked for."""
        return self._settings.token_url is not None

    def headers(self) -> dict[str, str] | None:
        """What to send along; None when a token is needed first (none yet, or about to lapse)."""
        if self._settings.api_key is not None:
            return {self._settings.api_key_header: self._settings.api_key}
        if not self.renewable:
            return {}
        token = self._token
        return _bearer(token[0]) if token and token[1] > self._now() else None

    def forget(self, sent: Mapping[str, str]) -> None:
        """The server no longer knows the token in these headers; a newer one that another line fetched is kept."""
        with self._lock:
            if self._token is not None and _bearer(self._token[0]) == sent:
                self._token = None

    def clear(self) -> None:
        """Forget whatever token there is."""
        with self._lock:
            self._token = None

    def question(self) -> tuple[str, dict[str, str], bytes]:
        """Address, headers and body of the request for a token; id and secret by HTTP Basic, or in the form."""
        settings = self._settings
        form = {"grant_type": "client_credentials"} | ({"scope": settings.scope} if settings.scope else {})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if settings.client_auth == "basic":
            pair = f"{quote_plus(settings.client_id)}:{quote_plus(settings.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": settings.client_id, "client_secret": settings.client_secret}
        return settings.token_url or "", headers, urlencode(form).encode()

    def keep(self, answer: Any) -> dict[str, str]:
        """Take the token from the answer. It is renewed when nine tenths of its life have passed."""
        if not isinstance(answer, Mapping) or str(answer.get("token_type", "")).lower() != "bearer":
            raise Malformed("not_a_token")
        token, life = answer.get("access_token"), answer.get("expires_in", _UNSAID)
        life = int(life) if isinstance(life, str) and life.isdigit() else life
        if not isinstance(token, str) or not _TOKEN.fullmatch(token) or not isinstance(life, int | float):
            raise Malformed("not_a_token")
        with self._lock:
            self._token = (token, self._now() + life * 0.9)
        return _bearer(token)


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
