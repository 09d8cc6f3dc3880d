import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from plugins.contracts.failure import TaskFailed
from plugins.testing import MemoryRunContext, parse_task

HTTP = "io.kestra.plugin.core.http."


class Handler(BaseHTTPRequestHandler):
    """Shows what it was sent; some paths answer otherwise."""

    asked = threading.Event()
    released = threading.Event()

    def do_GET(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        if self.path == "/hang":
            self.asked.set()
            self.released.wait(10)
            return
        if self.path == "/moved":
            self.answer(302, b"", location="/there")
        elif self.path == "/bad":
            self.answer(422, b'{"error": "no such field"}')
        elif self.path == "/empty":
            self.answer(200, b"")
        elif self.path == "/bytes":
            self.answer(200, b"\xff\x00\xfe", content_type="application/octet-stream")
        elif self.path.startswith("/file"):
            disposition = 'attachment; filename="orders.csv"'
            self.answer(200, b"a,b\n1,2\n", content_disposition=disposition)
        else:
            seen = {
                "method": self.command,
                "path": self.path,
                "headers": {key.lower(): value for key, value in self.headers.items()},
                "body": body,
            }
            self.answer(200, json.dumps(seen).encode())

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - the names of the base class

    def answer(self, code, content, **headers):
        self.send_response(code)
        for name, value in {"content_type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        return


@pytest.fixture(scope="module")
def server():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    Handler.released.set()
    httpd.shutdown()
    thread.join()
    httpd.server_close()


@pytest.fixture
def context(tmp_path):
    return MemoryRunContext(working_directory=tmp_path, variables={"inputs": {"name": "Ada"}})


def request(context, uri, **properties):
    return parse_task({"id": "r", "type": HTTP + "Request", "uri": uri, **properties}).run(context)


def seen(output):
    return json.loads(output.body)


def test_a_get_gives_code_headers_and_body(server, context):
    output = request(context, server + "/x?name={{ inputs.name }}")

    assert output.code == 200
    assert output.uri == server + "/x?name=Ada"
    assert output.headers["content-type"] == ["application/json"]
    assert seen(output)["path"] == "/x?name=Ada"


def test_a_map_is_sent_as_json(server, context):
    output = request(context, server, method="POST", body={"who": "{{ inputs.name }}"})

    assert seen(output)["body"] == '{"who":"Ada"}'
    assert seen(output)["headers"]["content-type"] == "application/json"


def test_a_text_is_sent_with_its_type_and_headers(server, context):
    output = request(
        context,
        server,
        method="PUT",
        body="<a/>",
        contentType="application/xml",
        headers={"X-Name": "{{ inputs.name }}", "x-left-out": None},
    )

    found = seen(output)
    assert (found["method"], found["body"]) == ("PUT", "<a/>")
    assert found["headers"]["content-type"] == "application/xml"
    assert found["headers"]["x-name"] == "Ada"
    assert "x-left-out" not in found["headers"]


def test_a_form_is_sent_url_encoded(server, context):
    output = request(
        context,
        server,
        method="POST",
        contentType="application/x-www-form-urlencoded",
        formData={"a": "1 2", "b": 3},
    )

    assert seen(output)["body"] == "a=1+2&b=3"


def test_a_form_with_a_file_of_internal_storage_is_multipart(server, context):
    uri = context.files.store(b"content of the file", "in.txt")

    output = request(
        context,
        server,
        method="POST",
        formData={"a": "1", "file": uri, "other": {"name": "named.txt", "content": uri}},
    )

    found = seen(output)
    assert found["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert 'name="file"; filename="in.txt"' in found["body"]
    assert 'name="other"; filename="named.txt"' in found["body"]
    assert found["body"].count("content of the file") == 2


def test_a_form_without_a_type_is_multipart(server, context):
    output = request(context, server, method="POST", formData={"a": "1"})

    assert 'name="a"' in seen(output)["body"]


def test_parameters_are_added_to_the_address(server, context):
    output = request(context, server + "/x", params={"q": "{{ inputs.name }}"})

    assert seen(output)["path"] == "/x?q=Ada"


@pytest.mark.parametrize(
    ("options", "header"),
    [
        ({"auth": {"type": "BASIC", "username": "u", "password": "p"}}, "Basic dTpw"),
        ({"basicAuthUser": "u", "basicAuthPassword": "p"}, "Basic dTpw"),
        ({"auth": {"type": "BEARER", "token": "{{ inputs.name }}"}}, "Bearer Ada"),
    ],
)
def test_credentials_are_sent(server, context, options, header):
    assert seen(request(context, server, options=options))["headers"]["authorization"] == header


def test_basic_credentials_are_masked(server, context):
    request(context, server, options={"basicAuthUser": "u", "basicAuthPassword": "p"})

    assert "dTpw" in context.masked


def test_a_redirection_is_followed_unless_switched_off(server, context):
    assert request(context, server + "/moved").uri == server + "/there"
    options = {"followRedirects": False}
    assert request(context, server + "/moved", options=options).code == 302


def test_an_error_of_the_server_fails_with_its_words(server, context):
    with pytest.raises(TaskFailed, match=r'answered with 422 .*: {"error": "no such field"}'):
        request(context, server + "/bad")


@pytest.mark.parametrize(
    "properties",
    [
        {"allowFailed": True},
        {"options": {"allowFailed": True}},
        {"options": {"allowedResponseCodes": [422]}},
    ],
)
def test_an_error_of_the_server_may_be_allowed(server, context, properties):
    output = request(context, server + "/bad", **properties)

    assert (output.code, output.body) == (422, '{"error": "no such field"}')


def test_a_body_that_is_no_text_is_encoded(server, context):
    output = request(context, server + "/bytes")

    assert (output.body, output.encoded_body) == (None, "/wD+")


def test_an_answer_that_is_too_large_names_the_way_out(server, context):
    with pytest.raises(TaskFailed, match=r"larger than 5 bytes: use .*Download"):
        request(context, server, options={"maxContentLength": 5})


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:1/", "no-address", "http://[bad", "ftp://example.com/x"]
)
def test_a_call_that_cannot_be_made_is_a_clear_failure(context, uri):
    with pytest.raises(TaskFailed, match=r"GET .* failed: "):
        request(context, uri)


def test_a_server_that_does_not_answer_runs_into_the_time_limit(server, context):
    with pytest.raises(TaskFailed, match="timed out"):
        request(context, server + "/hang", options={"timeout": {"readIdleTimeout": "PT0.1S"}})


def test_a_kill_ends_a_call_under_way(server, context):
    Handler.asked.clear()

    def kill():
        Handler.asked.wait(10)
        context.kill()

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        with pytest.raises(TaskFailed, match="killed"):
            request(context, server + "/hang")
    finally:
        Handler.released.set()
        thread.join()
        Handler.released.clear()


def test_a_download_is_stored_under_the_name_it_was_given(server, context):
    output = parse_task({"id": "d", "type": HTTP + "Download", "uri": server + "/file/x"}).run(
        context
    )

    assert output.uri.endswith("/orders.csv")
    assert (output.code, output.length) == (200, 8)
    assert context.files.read(output.uri) == b"a,b\n1,2\n"


def test_an_empty_download_fails_unless_allowed(server, context):
    value = {"id": "d", "type": HTTP + "Download", "uri": server + "/empty"}

    with pytest.raises(TaskFailed, match="answered with nothing"):
        parse_task(value).run(context)

    assert parse_task({**value, "failOnEmptyResponse": False}).run(context).length == 0
