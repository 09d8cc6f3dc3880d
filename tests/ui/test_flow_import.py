"""Import and export on the list of flows."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile

from common.tenancy import tenant_scope
from flows.queries import present_flows

FLOW = """id: {id}
namespace: {namespace}
tasks:
  - {{id: a, type: io.kestra.plugin.core.log.Log, message: x}}
"""


def upload(content, name="flows.yml"):
    return {"file": SimpleUploadedFile(name, content)}


def source(flow_id, namespace="company.team"):
    return FLOW.format(id=flow_id, namespace=namespace)


def there():
    with tenant_scope("main"):
        return sorted(present_flows().values_list("flow_id", flat=True))


def test_yaml_with_two_flows_is_imported(client_for):
    client = client_for("Developer")
    content = f"{source('one')}---\n{source('two')}".encode()
    answer = client.post("/ui/main/flows/import", upload(content))

    assert answer.headers["Location"] == "/ui/main/flows"
    assert there() == ["one", "two"]
    assert "2 flows imported." in client.get("/ui/main/flows").content.decode()


def test_archive_is_imported_and_what_does_not_hold_is_told(client_for):
    client = client_for("Developer")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.yml", source("good"))
        archive.writestr("b.yml", "id: bad\nnamespace: company.team\n")
    client.post("/ui/main/flows/import", upload(packed.getvalue(), "flows.zip"))

    assert there() == ["good"]
    assert "Not imported: bad" in client.get("/ui/main/flows").content.decode()


def test_flow_of_a_namespace_of_others_is_refused(client_for):
    client = client_for("Developer", namespace="company.other")
    client.post("/ui/main/flows/import", upload(source("one").encode()))

    assert there() == []
    assert "FLOW:CREATE" in client.get("/ui/main/flows").content.decode()


def test_nothing_sent_is_said(client_for):
    assert client_for("Developer").post("/ui/main/flows/import", {}).status_code == 400


def test_export_is_the_filtered_list(client_for):
    client = client_for("Admin")
    content = f"{source('one')}---\n{source('two', 'company.shop')}".encode()
    client.post("/ui/main/flows/import", upload(content))
    page = client.get("/ui/main/flows?q=shop").content.decode()
    url = page.split('href="/api/v1/main/flows/export')[1].split('"')[0].replace("&amp;", "&")
    answer = client.get(f"/api/v1/main/flows/export{url}")

    names = zipfile.ZipFile(io.BytesIO(answer.content)).namelist()
    assert names == ["company.shop-two.yml"]
