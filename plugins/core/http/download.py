"""`io.kestra.plugin.core.http.Download`."""

from typing import ClassVar

from pydantic import Field

from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import Dynamic, Example, Output, Text
from plugins.contracts.run_context import RunContext
from plugins.core.http.options import HttpTask, file_name, flag


class DownloadOutput(Output):
    """What Download leaves behind."""

    uri: str = Field(description="The address of the file in internal storage.")
    code: int = Field(description="The status code.")
    length: int = Field(description="The size in bytes.")
    headers: dict[str, list[str]] = Field(description="The headers of the answer.")


class Download(HttpTask):
    """Download a file into internal storage.

    The file is streamed, so its size does not matter."""

    type_name: ClassVar[str] = "io.kestra.plugin.core.http.Download"
    aliases: ClassVar[tuple[str, ...]] = ("io.kestra.plugin.fs.http.Download",)
    output_type: ClassVar[type[Output]] = DownloadOutput
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="A CSV file.",
            code="""\
id: http_download
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.core.http.Download
    uri: https://huggingface.co/datasets/kestra/datasets/raw/main/csv/orders.csv
  - id: where
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.orders.uri }}"
""",
        ),
    )

    fail_on_empty_response: Dynamic[bool] = Field(
        default=True, description="Whether an empty answer fails the task."
    )
    save_as: Text | None = Field(default=None, description="The name of the stored file.")

    def run(self, context: RunContext) -> DownloadOutput:
        with self.answer(context) as response:
            name = str(context.render(self.save_as) or file_name(response))
            path = context.working_directory / "download"
            length = 0
            with path.open("wb") as target:
                for piece in response.iter_bytes():
                    target.write(piece)
                    length += len(piece)
            if length == 0 and flag(context, self.fail_on_empty_response):
                raise TaskFailed(
                    f"{response.url} answered with nothing; failOnEmptyResponse: false allows it"
                )
            headers: dict[str, list[str]] = {}
            for key, value in response.headers.multi_items():
                headers.setdefault(key, []).append(value)
            context.metric("response.length", length, kind="counter")
            return DownloadOutput(
                uri=context.files.store(path, name),
                code=response.status_code,
                length=length,
                headers=headers,
            )
