import threading

import pytest

from plugins.contracts.failure import TaskFailed
from plugins.testing import MemoryRunContext, Metric, parse_task

CSV = "brand,price\nA,1.50\nA,2.50\nB,3.00\n"


@pytest.fixture
def context(tmp_path):
    return MemoryRunContext(working_directory=tmp_path, variables={"inputs": {"min": 2}})


def query(context, sql, **properties):
    value = {"id": "q", "type": "io.kestra.plugin.jdbc.duckdb.Query", "sql": sql, **properties}
    return parse_task(value).run(context).to_map()


def test_input_files_are_queried(context):
    output = query(
        context,
        "SELECT brand, avg(price) AS mean FROM read_csv_auto('{{ workingDir }}/in.csv') "
        "WHERE price >= {{ inputs.min }} GROUP BY brand ORDER BY brand",
        inputFiles={"in.csv": CSV},
        fetchType="FETCH",
    )

    assert output == {
        "rows": [{"brand": "A", "mean": 2.5}, {"brand": "B", "mean": 3.0}],
        "size": 2,
    }
    assert context.metrics == [Metric("fetch.size", 2, "counter", {})]


def test_relative_paths_are_meant_in_the_working_folder(context):
    output = query(context, "FROM 'in.csv'", inputFiles={"in.csv": CSV}, fetchType="FETCH_ONE")

    assert output == {"row": {"brand": "A", "price": 1.5}, "size": 1}


def test_rows_are_stored_as_ion_one_a_line(context):
    output = query(
        context,
        "SELECT 1 AS a, 'x\ny' AS b, NULL AS c, 1.20::DECIMAL(9,2) AS d, DATE '2024-01-02' AS e, "
        "[1, 2] AS f, {'k': true} AS g UNION ALL SELECT 2, 'z', 1, 0, NULL, NULL, NULL",
        fetchType="STORE",
    )

    lines = context.files.read(output["uri"]).decode().splitlines()
    assert output["size"] == 2
    assert lines[0] == (r'{a:1,b:"x\ny",c:null,d:1.20,e:2024-01-02,f:[1,2],g:{k:true}}')
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("properties", "keys"),
    [
        ({"store": True}, {"uri", "size"}),
        ({"fetch": True}, {"rows", "size"}),
        ({"fetchOne": True}, {"row", "size"}),
        ({"fetchType": "NONE"}, set()),
        ({}, set()),
    ],
)
def test_older_forms_of_the_fetch_type(context, properties, keys):
    assert set(query(context, "SELECT 1 AS a", **properties)) == keys


def test_values_without_a_json_form_become_texts(context):
    output = query(
        context,
        "SELECT 'x'::BLOB AS b, INTERVAL 1 DAY AS i, TIME '10:00' AS t, "
        "TIMESTAMPTZ '2024-01-01 00:00:00+00' AS z, "
        "'3f06af63-a93c-11e4-9797-00505690773f'::UUID AS u",
        fetchType="FETCH_ONE",
        timeZoneId="UTC",
    )

    row = output["row"]
    assert (row["b"], row["i"], row["t"]) == ("eA==", "PT24H", "10:00:00")
    assert row["u"] == "3f06af63-a93c-11e4-9797-00505690773f"
    assert row["z"].isoformat() == "2024-01-01T00:00:00+00:00"


def test_several_statements_run_and_the_last_one_counts(context):
    output = query(
        context,
        "CREATE TABLE t(a INT); INSERT INTO t VALUES (1), (2); SELECT sum(a) AS s FROM t;",
        fetchType="FETCH_ONE",
    )

    assert output["row"] == {"s": 3}


def test_no_row_gives_no_row(context):
    assert query(context, "SELECT 1 AS a WHERE false", fetchType="FETCH_ONE") == {"size": 0}


def test_parameters_are_bound(context):
    output = query(context, "SELECT $x + 1 AS a", parameters={"x": 2}, fetchType="FETCH_ONE")

    assert output["row"] == {"a": 3}


def test_a_database_file_is_kept_and_used_again(context):
    made = query(
        context,
        "CREATE TABLE t AS SELECT 7 AS a",
        url="jdbc:duckdb:my.db",
        outputDbFile=True,
    )

    output = query(
        context, "SELECT a FROM t", databaseUri=made["databaseUri"], fetchType="FETCH_ONE"
    )

    assert output["row"] == {"a": 7}


def test_files_that_a_statement_writes_are_kept(context):
    folder = context.working_directory

    output = query(context, f"COPY (SELECT 1 AS a) TO '{folder}/o.csv'", outputFiles=["*.csv"])

    assert context.files.read(output["outputFiles"]["o.csv"]) == b"a\n1\n"


def test_named_output_file_has_a_place_in_the_statement(context):
    output = query(
        context, "COPY (SELECT 1 AS a) TO '{{ outputFiles.out }}' (FORMAT csv)", outputFiles=["out"]
    )

    assert context.files.read(output["outputFiles"]["out"]) == b"a\n1\n"


@pytest.mark.parametrize(
    ("sql", "words"), [("SELEC 1", "syntax error"), ("SELECT * FROM none", "does not exist")]
)
def test_a_query_that_fails_says_why(context, sql, words):
    with pytest.raises(TaskFailed, match=f"(?s)The query failed: .*{words}"):
        query(context, sql)


def test_a_kill_interrupts_the_query(context):
    threading.Timer(0.2, context.kill).start()

    with pytest.raises(TaskFailed, match="interrupted"):
        query(context, "SELECT count(*) FROM range(100000000000) a(x) WHERE sin(x) > 2")
