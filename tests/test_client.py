"""What the client makes of the service's answers: how long it waits, what it tries again, what it says."""

import json
import socket
import time
from urllib.parse import parse_qs

import pytest

from lscbook.errors import PubMedMalformed, PubMedUnavailable
from lscbook.pubmed import client
from tests.scripted_server import script


def found(count="0", **more):
    return 200, {}, json.dumps({"esearchresult": {"count": count, "idlist": [], "querytranslation": "x", **more}})


class Clock:
    """A clock that sleeping moves, so that a test of waiting does not wait."""

    def __init__(self):
        self.now, self.slept = 0.0, []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self):
        return self.now


def made(server, **own):
    clock = Clock()
    told = []
    given = {"rate": 1000, "deadline": 60, "sleep": clock.sleep, "clock": clock, "say": told.append, **own}
    service = client.Client("a@example.org", server if isinstance(server, str) else server.address, **given)
    return service, clock, told


@pytest.mark.parametrize("asked", ["61", "3600", "86400", "9999999999999", "9" * 400])
def test_a_pause_beyond_the_deadline_is_said_and_not_slept(asked):
    with script((429, {"Retry-After": asked}, "slow down")) as server:
        service, clock, _ = made(server)
        with pytest.raises(PubMedUnavailable, match="slow down"):
            service.search("x")
        assert sum(clock.slept) <= 60


def test_a_pause_within_the_deadline_is_kept_and_told():
    with script((429, {"Retry-After": "25"}, ""), found("3")) as server:
        service, clock, told = made(server)
        assert service.search("x")["count"] == 3
        assert 25 in clock.slept
        assert any("trying again in 25 s" in line for line in told)


def test_a_relayed_failure_inside_a_400_is_tried_again_and_a_wrong_search_is_not():
    with script((400, {}, "<html>502 Bad Gateway</html>"), (400, {}, "<html>502 Bad Gateway</html>"), found("1")) as server:
        assert made(server)[0].search("x")["count"] == 1
    with script((400, {}, json.dumps({"error": "Syntax error in term"}))) as server:
        service = made(server)[0]
        with pytest.raises(PubMedUnavailable, match="Syntax error in term"):
            service.search("x")
        assert len(server.asked) == 1
    with script(found(ERROR="Search syntax: unmatched bracket")) as server:
        service = made(server)[0]
        with pytest.raises(PubMedUnavailable, match="unmatched bracket"):
            service.search("x")
        assert len(server.asked) == 1
    with script(found(ERROR="Search Backend failed: time out"), found("2")) as server:
        assert made(server)[0].search("x")["count"] == 2


def test_a_refused_key_is_said_in_the_services_words():
    with script((400, {}, json.dumps({"error": "API key invalid", "count": "11"}))) as server:
        service = made(server, key="secret")[0]
        with pytest.raises(PubMedUnavailable, match="NCBI_API_KEY: API key invalid") as refused:
            service.search("x")
        assert "secret" not in str(refused.value)
        assert len(server.asked) == 1


@pytest.mark.parametrize(("key", "sent"), [("abc\n", ["abc"]), ("  abc ", ["abc"]), ("   ", None), ("", None)])
def test_a_key_is_stripped(key, sent, monkeypatch):
    monkeypatch.setenv("NCBI_API_KEY", key)
    with script(found()) as server:
        made(server)[0].search("x")
        assert parse_qs(server.asked[0]).get("api_key") == sent


def test_a_403_comes_with_its_reason():
    with script((403, {}, "<html><body>Access denied from your network</body></html>")) as server:
        with pytest.raises(PubMedUnavailable, match="HTTP 403: Access denied from your network"):
            made(server)[0].search("x")
        assert len(server.asked) == 1


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_a_service_that_moved_says_where(code):
    with script((code, {"Location": "https://elsewhere.example/"}, "")) as server:
        with pytest.raises(PubMedUnavailable, match=r"moved to https://elsewhere\.example/"):
            made(server)[0].search("x")
        assert len(server.asked) == 1


def test_nobody_there_is_said_within_fifteen_seconds():
    service, clock, _ = made("http://127.0.0.1:9/")
    with pytest.raises(PubMedUnavailable, match=r"no connection to 127\.0\.0\.1:9.*online"):
        service.search("x")
    assert sum(clock.slept) < 20


def test_a_proxy_that_refuses_is_named(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setattr(client, "_OPENER", client.urllib.request.build_opener(client._NoRedirect))
    with pytest.raises(PubMedUnavailable, match=r"proxy http://127\.0\.0\.1:9"):
        made("http://pubmed.example/")[0].search("x")


@pytest.mark.parametrize("address", ["eutils.ncbi.nlm.nih.gov", "ftp://x/", "", "http://"])
def test_an_address_without_its_scheme_is_refused(address):
    with pytest.raises(PubMedUnavailable, match="https://"):
        client.Client("a@example.org", address)


@pytest.mark.parametrize(
    "result", ["null", '"x"', "[]", '{"count": ""}', '{"count": null}', '{"idlist": []}', '{"count": "3", "idlist": "7"}',
               '{"count": "-1", "idlist": []}', '{"count": "³", "idlist": []}'],
)  # fmt: skip
def test_an_answer_of_another_shape_is_tried_again_and_then_a_typed_error(result):
    odd = (200, {}, f'{{"esearchresult": {result}}}')
    with script(odd, found("1")) as server:
        assert made(server)[0].search("x")["count"] == 1
    with script(odd) as server, pytest.raises(PubMedMalformed):
        made(server)[0].search("x")


def test_what_pubmed_ignored_of_a_search_is_handed_on():
    complaints = {"errorlist": {"phrasesnotfound": ["leukozyten"], "fieldsnotfound": []},
                  "warninglist": {"quotedphrasesnotfound": ['"stem cels"']}}  # fmt: skip
    with script(found(**complaints)) as server:
        told = made(server)[0].search("x")["complaints"]
    assert told == ["phrasesnotfound: leukozyten", 'quotedphrasesnotfound: "stem cels"']


def test_a_slow_first_address_leaves_its_time_to_the_next(monkeypatch):
    """The first address swallows the connection for as long as the limit; the second answers."""
    real = socket.create_connection

    def slow(address, timeout=None, *more):
        time.sleep(0.4)
        return real(address, timeout, *more)

    with script(found("1")) as server:
        monkeypatch.setattr(socket, "create_connection", slow)
        service = client.Client("a@example.org", server.address, timeout=0.3, rate=1000)
        assert service.search("x")["count"] == 1
        assert len(server.asked) == 1
