"""What the client makes of the service's answers: how long it waits, what it tries again, what it says."""

import json
import socket
import time
from contextlib import suppress
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
    with script(
        (400, {}, "<html>502 Bad Gateway</html>"), (400, {}, "<html>502 Bad Gateway</html>"), found("1")
    ) as server:
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
    monkeypatch.setattr(client, "_OPENER", client._opener())
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


def test_a_relayed_failure_is_waited_for_as_one_that_comes_straight():
    relayed = [(400, {}, "<html>502 Bad Gateway</html>")] * 5
    with script(*relayed, found("1")) as server:
        assert made(server)[0].search("x")["count"] == 1


def test_a_proxy_with_a_password_does_not_show_it(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://me:hush@127.0.0.1:9")
    monkeypatch.setattr(client, "_OPENER", client._opener())
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(PubMedUnavailable, match=r"proxy http://127\.0\.0\.1:9") as refused:
        made("http://pubmed.example/")[0].search("x")
    assert "hush" not in str(refused.value)


def test_a_key_that_is_refused_with_200_is_said_too():
    with script((200, {}, json.dumps({"error": "API key invalid"}))) as server:
        with pytest.raises(PubMedUnavailable, match="NCBI_API_KEY: API key invalid"):
            made(server, key="secret")[0].search("x")
        assert len(server.asked) == 1


@pytest.mark.parametrize("listed", [["x"], ["0"], [None], [{}], ["1 OR 2"], [-1]])
def test_what_is_listed_and_is_no_pmid_is_asked_for_again(listed):
    with script(found("1", idlist=listed), found("1", idlist=[7])) as server:
        assert made(server)[0].search("x")["idlist"] == ["7"]


@pytest.mark.parametrize(
    ("odd", "told"),
    [({"errorlist": None}, []), ({"errorlist": []}, []), ({"warninglist": ["no items"]}, ["complaint: no items"]),
     ({"warninglist": "No items found."}, ["complaint: No items found."]),
     ({"warninglist": {"outputmessages": "No items found."}}, ["outputmessages: No items found."]),
     ({"errorlist": {"fieldsnotfound": [7]}, "querytranslation": None}, ["fieldsnotfound: 7"])],
)  # fmt: skip
def test_complaints_of_any_shape_are_handed_on(odd, told):
    with script(found(**odd)) as server:
        result = made(server)[0].search("x")
    assert result["complaints"] == told
    assert isinstance(result["querytranslation"], str)


def test_a_service_that_was_there_is_waited_for_longer_than_one_that_never_was():
    with script(found("1")) as server:
        service, clock, told = made(server)
        service.search("x")
    with pytest.raises(PubMedUnavailable, match="no connection"):  # it is shut now
        service.search("x")
    assert 15 < sum(clock.slept) <= 60
    assert any("trying again" in line for line in told)


@pytest.fixture
def hole():
    """A port that takes no connection and refuses none: what a firewall makes of an address."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        taken = []
        for _ in range(8):  # fill what the system takes on trust
            one = socket.socket()
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(server.getsockname())
            taken.append(one)
        yield server.getsockname()[1]
        for one in taken:
            one.close()


def test_an_address_that_swallows_connections_leaves_the_next_its_chance(hole, monkeypatch):
    with script(found("1")) as server:
        there = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
            for port in (hole, server.server_address[1])
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: there)
        monkeypatch.setattr(client, "CONNECT", 0.3)
        service = client.Client("a@example.org", "http://pubmed.example/", timeout=30, rate=1000)
        assert service.search("x")["count"] == 1


def test_addresses_that_all_swallow_connections_are_given_up_soon(hole, monkeypatch):
    """Each try takes as long as the connections do; that is time too, and there is no second try when it is used up."""
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", hole))] * 2
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_k: there)
    monkeypatch.setattr(client, "CONNECT", 0.2)
    clock = Clock()
    now = lambda: clock.now + 20 * time.monotonic()  # a clock on which 0.4 s are 8 s
    service = client.Client(
        "a@example.org", "http://pubmed.example/", timeout=30, rate=1000, sleep=clock.sleep, clock=now
    )
    with pytest.raises(PubMedUnavailable, match=r"no connection to pubmed\.example"):
        service.search("x")
    assert service.calls == 1


def test_an_answer_may_take_longer_than_a_connection(monkeypatch):
    def slowly(_body):
        time.sleep(0.3)
        return found("1")

    monkeypatch.setattr(client, "CONNECT", 0.1)
    with script(slowly) as server:
        assert made(server, timeout=5)[0].search("x")["count"] == 1
        assert len(server.asked) == 1


def test_a_body_that_is_cut_or_too_long_is_asked_for_again(monkeypatch):
    cut = (200, {"Content-Length": "9999"}, "{")
    with script(cut, found("1")) as server:
        assert made(server)[0].search("x")["count"] == 1
    monkeypatch.setattr(client, "MOST", 10)
    with script(found("1")) as server, pytest.raises(PubMedMalformed, match="more than 10 bytes"):
        made(server)[0].search("x")


def test_what_was_not_asked_for_is_kept_for_a_person_up_to_twenty(tmp_path):
    with script(*((200, {}, f"<html>{n}</html>") for n in range(30)), found("1")) as server:
        service = made(server, quarantine=tmp_path / "q", key="hush")[0]
        for _ in range(3):
            with pytest.raises(PubMedMalformed):
                service.search("x")
            if len(server.answers) < 12:
                break
    assert len(list((tmp_path / "q").glob("*.body"))) == len(list((tmp_path / "q").glob("*.txt"))) == 20
    told = "".join(path.read_text() for path in (tmp_path / "q").glob("*.txt"))
    assert "not an ESearch answer" in told
    assert "hush" not in told
    assert "a@example.org" not in told


def test_a_slow_first_address_leaves_its_time_to_the_next(monkeypatch):
    """The connection takes longer than the limit of a body; the answer has a limit of its own."""
    real = socket.create_connection

    def slow(address, timeout=None, *more):
        time.sleep(0.4)
        return real(address, timeout, *more)

    with script(found("1")) as server:
        monkeypatch.setattr(socket, "create_connection", slow)
        service = client.Client("a@example.org", server.address, timeout=0.3, rate=1000)
        assert service.search("x")["count"] == 1
        assert len(server.asked) == 1
