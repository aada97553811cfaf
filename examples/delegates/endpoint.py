"""Sends requests to one HTTP address: no proxies, no redirects, nothing beyond a deadline."""

import email.utils
import http.client
import ipaddress
import random
import socket
import ssl
import threading
import time
import urllib.parse

from delegate import Failure, given

MOST_BODY = 8 << 20
MOST_WAIT = 30
# Faults of the moment.
PASSING = {408, 429, 500, 502, 503, 504, 529}


class Passing(Exception):
    """Why an attempt failed that may be made again, and after how many seconds at least."""

    def __init__(self, why, wait=0):
        super().__init__(why)
        self.wait = wait


def is_loopback(host):
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def seconds_of(value):
    """What a Retry-After header says, be it a number or a date."""
    try:
        return max(0.0, min(float(value), 1e6))
    except (TypeError, ValueError):
        pass
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (IndexError, OverflowError, TypeError, ValueError):
        return 0.0


def end(connected):
    """Wakes whoever waits for a socket."""
    try:
        # That of a plain socket, as TLS would first wait for its own end.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        pass


class Endpoint:
    """An address that takes JSON by POST. ValueError where it is none that may be asked."""

    def __init__(self, url, key=None, insecure=False, retries=3):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError("no https:// or http:// address")
        if parts.username is not None or parts.password is not None:
            raise ValueError("a name or password in an address can be seen by others")
        if any(not "!" <= sign <= "~" for sign in url):
            raise ValueError("an address has printable ASCII only")
        if parts.scheme == "http" and not insecure and not is_loopback(parts.hostname):
            raise ValueError("http sends posts and key in the open; --insecure allows it")
        self.plain = parts.scheme == "http"
        self.host, self.port = parts.hostname, parts.port
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.key, self.retries = key, retries
        self.context = None if self.plain else ssl.create_default_context()

    def ask(self, body, deadline):
        """The body of the answer to `body`, both bytes; Failure where there is none by `deadline`."""
        for turn in range(self.retries + 1):
            try:
                return self.attempt(body, deadline)
            except Passing as passing:
                wait = max(passing.wait, min(0.5 * 2 ** turn, MOST_WAIT) * random.uniform(1, 1.2))
                why = passing
            if turn == self.retries:
                raise Failure(f"{why}, {turn + 1} times")
            if time.monotonic() + wait >= deadline:
                raise Failure(f"{why}; it could be tried again in {wait:.1f} s, which is too late")
            time.sleep(wait)

    def attempt(self, body, deadline):
        """One attempt; Passing where another one may succeed."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise Failure("the time was up before it could be asked")
        if self.plain:
            connection = http.client.HTTPConnection(self.host, self.port, timeout=left)
        else:
            connection = http.client.HTTPSConnection(self.host, self.port, timeout=left, context=self.context)
        try:
            connection.connect()
            status, headers, data = self.exchange(connection, body, deadline)
        except ssl.SSLCertVerificationError as error:
            raise Failure(f"{self.host} cannot be trusted: {error.verify_message}") from None
        except (OSError, http.client.HTTPException) as error:
            if time.monotonic() >= deadline - 0.01:
                raise Failure(f"no answer within {left:.1f} s") from None
            raise Passing(f"{self.host}: {self.masked(str(error) or type(error).__name__)}") from None
        finally:
            connection.close()
        if time.monotonic() >= deadline:
            raise Failure(f"no answer within {left:.1f} s")
        return self.judged(status, headers, data)

    def exchange(self, connection, body, deadline):
        """Sends and receives: status, headers, and the body as far as it may be long."""
        # A socket's own timeout is for each piece: an answer that comes in drops would never end.
        guard = threading.Timer(max(0, deadline - time.monotonic()), end, [connection.sock])
        guard.daemon = True
        guard.start()
        try:
            return self.exchanged(connection, body)
        finally:
            guard.cancel()

    def exchanged(self, connection, body):
        """The same, however long it takes."""
        headers = {"Content-Type": "application/json", "Accept": "application/json", "Connection": "close"}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        connection.request("POST", self.target, body, headers)
        response = connection.getresponse()
        data = response.read(MOST_BODY + 1)
        if response.length and len(data) <= MOST_BODY:
            raise http.client.IncompleteRead(data, response.length)
        return response.status, response.headers, data

    def judged(self, status, headers, data):
        """The body of an answer that is one."""
        if 300 <= status < 400:
            host = urllib.parse.urlsplit(headers.get("Location") or "").netloc or "another path"
            raise Failure(f"{status}: it leads on to {host}, which is not followed")
        if status != 200:
            why = f"{status}: {self.message(headers, data)}"
            if status in PASSING:
                raise Passing(why, seconds_of(headers.get("Retry-After")))
            raise Failure(why)
        if len(data) > MOST_BODY:
            raise Failure(f"an answer of more than {MOST_BODY} bytes")
        return data

    def message(self, headers, data):
        """What an answer says is wrong."""
        try:
            error = given(data.decode())["error"]
            text = error if isinstance(error, str) else error["message"]
        except (KeyError, TypeError, ValueError):
            text = None
        if not isinstance(text, str):
            return headers.get_content_type()
        return self.masked(" ".join(text.split())[:200])

    def masked(self, text):
        """`text` without the key."""
        return text.replace(self.key, "(key)") if self.key else text
