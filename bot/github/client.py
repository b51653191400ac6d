"""Talk to one GitHub as one installation: patiently, within bounds, and typed.

A gidgethub client whose seam (`_request`) adds what gidgethub leaves out: a time-out, a bound on
the body, the API version, errors that say what they mean. Retries happen around whole calls, not
in gidgethub's hook, which would send the old token again.

GitHub gives up on a request after 10 seconds ("Troubleshooting the REST API", timeouts). Our
time-out is longer: a request that we gave up on is then not still at work over there, so a look
at its effect is conclusive.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import aiohttp
import gidgethub.aiohttp
import msgspec
from yarl import URL

from bot.github.answers import (
    NotYetPermitted,
    Unauthorized,
    digestible,
    is_success,
    message_of,
    refuse,
)
from bot.github.errors import (
    AnswerTooLarge,
    Forbidden,
    Gone,
    Transient,
    Uncertain,
    UnexpectedAnswer,
    Unrelated,
)
from bot.github.governor import Governor, is_limit
from bot.github.query_errors import failure_of

API_URL = "https://api.github.com"
API_VERSION = "2022-11-28"
USER_AGENT = "awaited"
PAGE_SIZE = 100  # GitHub's largest

REQUEST_SECONDS = 30.0
WAITS = (1.0, 2.0, 4.0)  # seconds between attempts
PATIENCE = 5.0  # seconds; who is told to wait longer gives its place to others
LARGEST_BODY = 32 * 1024 * 1024  # bytes

_ACCEPT = "application/vnd.github+json"
_CHUNK = 64 * 1024
_MOST_REDIRECTS = 3
# With which GitHub asks for the same request elsewhere, as of a repository that was renamed.
_SAME_ELSEWHERE = frozenset({HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT})
_UNPERMITTED = "not accessible by integration"

T = TypeVar("T")


class Credentials(Protocol):
    """Where a client gets its tokens from."""

    async def current(self) -> str:
        """Return the token to send now."""
        ...

    def rejected(self, token: str) -> None:
        """Take note that GitHub answered 401 to it."""
        ...

    def is_young(self, token: str) -> bool:
        """Whether it may not be known to all of GitHub's servers yet."""
        ...


class Client(gidgethub.aiohttp.GitHubAPI):
    """REST and GraphQL calls. Paths are sequences of segments, quoted here and nowhere else."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        credentials: Credentials,
        governor: Governor,
        *,
        api_url: str = API_URL,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: float = REQUEST_SECONDS,
    ) -> None:
        super().__init__(session, USER_AGENT, base_url=api_url)
        self._credentials = credentials
        self._governor = governor
        self._sleep = sleep
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._graphql_url = graphql_url(api_url)

    async def get(self, path: Sequence[str], answer: type[T], **query: str | int) -> T:
        """Read something."""
        data, _ = await self._call("GET", path, answer, query=query)
        return data

    async def pages(
        self, path: Sequence[str], page: type[T], *, most: int, **query: str | int
    ) -> AsyncIterator[T]:
        """Read a list page by page, `most` pages at most.

        The next page is asked for by its number, never by the address in the answer: an address
        that somebody else wrote doesn't get our token.
        """
        for number in range(1, most + 1):
            numbered = query | {"per_page": PAGE_SIZE, "page": number}
            data, more = await self._call("GET", path, page, query=numbered)
            yield data
            if more is None:
                return

    async def send(
        self,
        method: str,
        path: Sequence[str],
        body: Mapping[str, Any],
        answer: type[T],
        *,
        repeatable: bool,
    ) -> T:
        """Write something. Repeatable is what may be done twice, so that a lost answer is no harm.

        Raises:
            Uncertain: it is not repeatable and it may have been done: look before trying again.
        """
        data, _ = await self._call(method, path, answer, body=body, repeatable=repeatable)
        return data

    async def once(
        self, write: Callable[[], Awaitable[T]], look: Callable[[], Awaitable[T | None]]
    ) -> T:
        """Write something that must not be there twice: look for it whenever an answer is lost.

        Args:
            write: does it, and raises `Uncertain` when it can't tell whether it did.
            look: returns what `write` would have, if it is there; else None.
        """
        for wait in WAITS:
            try:
                return await write()
            except Uncertain:
                await self.sleep(wait)
            if (found := await look()) is not None:
                return found
        return await write()

    async def when_known(self, request: Callable[[], Awaitable[T]]) -> T:
        """Read, or write to, what GitHub has told us of, which some of its servers don't know yet.

        For some seconds after a delivery they answer that there is no such thing (observed, most
        of all of commits in forks; not documented).

        Raises:
            Gone: so they still do after some seconds.
        """
        for wait in WAITS:
            try:
                return await request()
            except Unrelated:
                raise
            except Gone:
                await self.sleep(wait)
        return await request()

    async def graphql(self, query: str, *, endpoint: str = "", **variables: Any) -> Any:
        """Return the `data` of a GraphQL query or mutation.

        A mutation is not repeated when its answer is lost.

        Raises:
            QueryFailed: GitHub executed it, or part of it, with errors.
            Forbidden: the token lacks a permission for all of it.
        """
        request = {"query": query, "variables": variables}
        url = endpoint or self._graphql_url

        async def attempt(token: str) -> Any:
            data, _ = await self._attempt(token, "POST", url, body=request, read=self._data)
            return data

        return await self._persist(attempt, repeatable=not query.startswith("mutation"))

    async def sleep(self, seconds: float) -> None:
        """Wait, by the clock that was given."""
        await self._sleep(seconds)

    async def _call(
        self,
        method: str,
        path: Sequence[str],
        answer: type[T],
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | bytes = b"",
        repeatable: bool = True,
    ) -> tuple[T, str | None]:
        url = f"{path[0]}{{/segments*}}{{?query*}}"
        variables = {"segments": _segments(path[1:]), "query": dict(query or {})}

        async def attempt(token: str) -> tuple[Any, str | None]:
            return await self._attempt(token, method, url, body=body, variables=variables)

        data, more = await self._persist(attempt, repeatable=repeatable)
        return parsed(data, answer, f"{method} {'/'.join(path)}"), more

    async def _persist(self, attempt: Callable[[str], Awaitable[T]], *, repeatable: bool) -> T:
        """Try until it works, it certainly never will, or patience ends.

        Each attempt has the token of its moment. Getting one has a patience of its own.
        """
        for wait in WAITS:
            token = await self._credentials.current()
            try:
                return await attempt(token)
            except Uncertain:
                if not repeatable:
                    raise
                pause = wait
            except NotYetPermitted:
                pause = wait
            except Transient as error:
                pause = wait if error.retry_after is None else error.retry_after
                if pause > PATIENCE:
                    raise
            await self.sleep(pause)
        return await attempt(await self._credentials.current())

    async def _attempt(
        self,
        token: str,
        method: str,
        url: str,
        *,
        body: Mapping[str, Any] | bytes,
        variables: Mapping[str, Any] | None = None,
        read: Callable[[Any], Any] = lambda data: data,
    ) -> tuple[Any, str | None]:
        """Make one request and read its answer."""
        try:
            # `jwt` becomes a bearer token, which GitHub takes for every kind.
            data, more, _ = await self._make_request(
                method, url, variables, body, _ACCEPT, jwt=token
            )
            return read(data), more
        except Unauthorized:
            self._credentials.rejected(token)
            raise
        except Forbidden as error:
            if _UNPERMITTED in str(error) and self._credentials.is_young(token):
                raise NotYetPermitted(str(error)) from None
            raise

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        what = f"{method} {urlsplit(url).path}"
        resource = "graphql" if url == self._graphql_url else "core"
        async with self._governor.slots:
            self._governor.admit(resource)
            status, received, content = await self._exchange(what, method, url, headers, body)
        if is_success(status):
            self._governor.learn(resource, status, received, "")
            return digestible(what, status, received, content)
        message = message_of(content)
        self._governor.learn(resource, status, received, message)
        if is_limit(status, received, message):
            raise Transient(f"{what}: {message}", retry_after=self._governor.wait(resource))
        refuse(what, status, message)

    async def _exchange(
        self, what: str, method: str, url: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Send and receive. Errors of aiohttp hold the headers, so they end here."""
        versioned = {**headers, "x-github-api-version": API_VERSION}
        try:
            for _ in range(_MOST_REDIRECTS):
                async with self._session.request(
                    method,
                    URL(url, encoded=True),
                    headers=versioned,
                    data=body,
                    timeout=self._timeout,
                    # aiohttp turns a POST that is redirected by 301 or 302 into a GET.
                    allow_redirects=method == "GET",
                    max_redirects=_MOST_REDIRECTS,
                ) as response:
                    if method != "GET" and (elsewhere := _same_elsewhere(response)):
                        url = elsewhere
                        continue
                    return response.status, response.headers, await _bounded(what, response)
            raise Gone(f"{what}: it moves again and again")
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Transient(f"{what}: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Uncertain(f"{what}: {type(error).__name__}") from None

    def _data(self, answer: Any) -> Any:
        failure = failure_of(answer)
        if failure is None:
            return answer["data"]
        if failure.is_limit:
            raise Transient(str(failure), retry_after=self._governor.wait("graphql") or 60.0)
        if failure.is_breakdown:
            raise Uncertain(str(failure))
        if failure.is_forbidden:
            raise Forbidden(str(failure))
        raise failure


def _same_elsewhere(response: aiohttp.ClientResponse) -> str | None:
    """Return where the same request is to be sent; our token goes to no other server."""
    location = response.headers.get("location")
    if response.status not in _SAME_ELSEWHERE or location is None:
        return None
    elsewhere = response.url.join(URL(location, encoded=True))
    return str(elsewhere) if elsewhere.origin() == response.url.origin() else None


async def _bounded(what: str, response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > LARGEST_BODY:
            raise AnswerTooLarge(response.status, f"{what}: more than {LARGEST_BODY} bytes")
    return bytes(content)


def _segments(path: Sequence[str]) -> list[str]:
    # Quoting leaves dots alone, and no thing of GitHub's is named like that.
    if any(segment in {"", ".", ".."} for segment in path):
        raise Gone(f"{'/'.join(path)}: there can be no such thing")
    return list(path)


def graphql_url(api_url: str) -> str:
    """Return where GraphQL is: beside `/api/v3` on an Enterprise Server, below elsewhere."""
    base = api_url.rstrip("/")
    if base.endswith("/api/v3"):
        return f"{base.removesuffix('v3')}graphql"
    return f"{base}/graphql"


def parsed(data: Any, answer: type[T], what: str) -> T:
    """Return an answer as the type that we read it as.

    Raises:
        UnexpectedAnswer: it is something else.
    """
    try:
        return msgspec.convert(data, answer)
    except msgspec.ValidationError as error:
        raise UnexpectedAnswer(200, f"{what}: {error}") from None
