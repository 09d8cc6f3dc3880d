"""`io.kestra.plugin.jdbc.duckdb.Query`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field

from plugins.contracts.failure import TaskFailed
from plugins.contracts.model import OLDER, Dynamic, Example, Output, Text
from plugins.contracts.run_context import RunContext
from plugins.contracts.task import RunnableTask
from plugins.jdbc.records import IonRecords, plain_row
from plugins.optional import load
from plugins.scripts.files import (
    keep_output_files,
    place_in,
    put_input_files,
    rendered_patterns,
)
from plugins.scripts.globs import has_wildcard

if TYPE_CHECKING:
    import duckdb

FetchType = Literal["NONE", "FETCH", "FETCH_ONE", "STORE"]
_URL_PREFIX = "jdbc:duckdb:"
_BATCH = 2000
_MEMORY = ":memory:"


class QueryOutput(Output):
    """What Query leaves behind."""

    rows: list[dict[str, Any]] | None = Field(
        default=None, description="The rows, with `fetchType: FETCH`."
    )
    row: dict[str, Any] | None = Field(
        default=None, description="The first row, with `fetchType: FETCH_ONE`."
    )
    uri: str | None = Field(
        default=None, description="The file of the rows, with `fetchType: STORE`."
    )
    size: int | None = Field(default=None, description="How many rows there were.")
    output_files: dict[str, str] | None = Field(
        default=None, description="Addresses of the kept files, by name."
    )
    database_uri: str | None = Field(
        default=None, description="The database's file, with `outputDbFile`."
    )


class Query(RunnableTask):
    """Query files and data with DuckDB.

    The database is in memory unless `url` names a file. Several statements may stand in `sql`; the
    result is that of the last one. `FETCH` and `FETCH_ONE` keep rows as an
    output, `STORE` writes them to internal storage as Ion."""

    type_name: ClassVar[str] = "io.kestra.plugin.jdbc.duckdb.Query"
    aliases: ClassVar[tuple[str, ...]] = ()
    output_type: ClassVar[type[Output]] = QueryOutput
    extra: ClassVar[str] = "duckdb"
    examples: ClassVar[tuple[Example, ...]] = (
        Example(
            title="Aggregate a CSV file of a task before.",
            code="""\
id: duckdb_query
namespace: company.team
tasks:
  - id: orders
    type: io.kestra.plugin.core.http.Download
    uri: https://huggingface.co/datasets/kestra/datasets/raw/main/csv/orders.csv
  - id: best
    type: io.kestra.plugin.jdbc.duckdb.Query
    inputFiles:
      orders.csv: "{{ outputs.orders.uri }}"
    sql: |
      SELECT product_id, sum(total) AS total
      FROM read_csv_auto('{{ workingDir }}/orders.csv', header = true)
      GROUP BY product_id ORDER BY total DESC LIMIT 10;
    fetchType: STORE
""",
        ),
    )

    sql: Text = Field(min_length=1, description="One statement or several; rendered.")
    url: Text | None = Field(
        default=None, description="The database: `jdbc:duckdb:file.db`; in memory when absent."
    )
    database_uri: Text | None = Field(
        default=None, description="A database file in internal storage to work on a copy of."
    )
    output_db_file: bool = Field(
        default=False, description="Whether the database file is kept as `databaseUri`."
    )
    username: Text | None = Field(default=None, description="Accepted; DuckDB has no users.")
    password: Text | None = Field(default=None, description="Accepted; DuckDB has no users.")
    time_zone_id: Text | None = Field(default=None, description="The session's time zone.")
    parameters: dict[str, Any] | None = Field(
        default=None, description="Values of `$name` in the statement."
    )
    input_files: dict[str, Any] | Text | None = Field(
        default=None, description="Files to put into the working folder."
    )
    output_files: tuple[Text, ...] | Text | None = Field(
        default=None,
        description="Files of the working folder to keep; `{{ outputFiles.name }}` is the place of"
        " the one that is named so.",
    )
    fetch_type: Dynamic[FetchType] | None = Field(
        default=None, description="What happens to the rows; nothing when absent."
    )
    fetch: bool = Field(default=False, description="Older form of FETCH.", json_schema_extra=OLDER)
    fetch_one: bool = Field(
        default=False, description="Older form of FETCH_ONE.", json_schema_extra=OLDER
    )
    store: bool = Field(default=False, description="Older form of STORE.", json_schema_extra=OLDER)
    fetch_size: int | None = Field(default=None, description="Accepted.")

    def run(self, context: RunContext) -> QueryOutput:
        duckdb = load("duckdb", extra=self.extra)
        fetch_type = self._fetch_type(context)
        folder = context.working_directory
        variables: dict[str, Any] = {"workingDir": str(folder)}
        put_input_files(context, folder, self.input_files, variables)
        patterns = rendered_patterns(context, self.output_files, variables)
        variables["outputFiles"] = {
            name: str(place_in(folder, name)) for name in patterns if not has_wildcard(name)
        }
        sql = str(context.render(self.sql, variables=variables))
        database = self._database(context, variables)
        try:
            connection = duckdb.connect(database)
        except duckdb.Error as error:
            raise TaskFailed(f"The database cannot be opened: {error}") from error
        try:
            context.on_kill(connection.interrupt)
            self._prepare(context, connection, variables)
            self._execute(context, connection, sql)
            output = _result(context, connection, fetch_type)
        except duckdb.InterruptException as error:
            raise TaskFailed("The query was interrupted") from error
        except duckdb.Error as error:
            raise TaskFailed(f"The query failed: {error}") from error
        finally:
            connection.close()
        if patterns:
            output.output_files = keep_output_files(context, folder, patterns)
        if self.output_db_file and database != _MEMORY:
            output.database_uri = context.files.store(Path(database), Path(database).name)
        return output

    def _execute(
        self, context: RunContext, connection: "duckdb.DuckDBPyConnection", sql: str
    ) -> None:
        parameters = context.render(self.parameters) if self.parameters else None
        connection.execute(sql, parameters)

    def _prepare(
        self,
        context: RunContext,
        connection: "duckdb.DuckDBPyConnection",
        variables: dict[str, Any],
    ) -> None:
        """Relative paths in statements are meant in the working folder."""
        folder = str(variables["workingDir"]).replace("'", "''")
        connection.execute(f"SET file_search_path = '{folder}'")
        connection.execute(f"SET temp_directory = '{folder}/.tmp'")
        zone = context.render(self.time_zone_id)
        if zone:
            connection.execute("SET TimeZone = ?", [str(zone)])

    def _database(self, context: RunContext, variables: dict[str, Any]) -> str:
        url = str(context.render(self.url, variables=variables) or "").strip()
        name = url.removeprefix(_URL_PREFIX)
        if not name and (self.database_uri or self.output_db_file):
            name = "database.db"
            content = {name: self.database_uri} if self.database_uri else None
            put_input_files(context, Path(variables["workingDir"]), content, variables)
        if not name or name.startswith(_MEMORY):
            return _MEMORY
        if name.startswith("md:"):
            raise TaskFailed("MotherDuck databases (md:) are not supported yet")
        return name if name.startswith("/") else f"{variables['workingDir']}/{name}"

    def _fetch_type(self, context: RunContext) -> str:
        if self.fetch_type is not None:
            return str(context.render(self.fetch_type)).upper()
        if self.store:
            return "STORE"
        if self.fetch_one:
            return "FETCH_ONE"
        return "FETCH" if self.fetch else "NONE"


def _result(
    context: RunContext, connection: "duckdb.DuckDBPyConnection", fetch_type: str
) -> QueryOutput:
    names = [str(column[0]) for column in connection.description or ()]
    if fetch_type == "NONE" or not names:
        return QueryOutput()
    if fetch_type == "FETCH_ONE":
        first = connection.fetchone()
        output = QueryOutput(row=plain_row(names, first) if first else None, size=int(bool(first)))
    elif fetch_type == "FETCH":
        rows = [plain_row(names, row) for row in connection.fetchall()]
        output = QueryOutput(rows=rows, size=len(rows))
    else:
        output = _stored(context, connection, names)
    context.metric("fetch.size", output.size or 0, kind="counter")
    return output


def _stored(
    context: RunContext, connection: "duckdb.DuckDBPyConnection", names: list[str]
) -> QueryOutput:
    path = context.working_directory / ".tmp.rows.ion"
    with path.open("wb") as target:
        records = IonRecords(target)
        while rows := connection.fetchmany(_BATCH):
            for row in rows:
                records.write(names, row)
    return QueryOutput(uri=context.files.store(path, "rows.ion"), size=records.count)
