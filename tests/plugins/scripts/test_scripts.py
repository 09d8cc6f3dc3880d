import threading
from pathlib import Path

import pytest

from plugins.contracts.failure import TaskFailed
from plugins.contracts.state import State
from plugins.testing import LogLine, MemoryRunContext, Metric, parse_task

SCRIPTS = "io.kestra.plugin.scripts."


@pytest.fixture
def context(tmp_path):
    return MemoryRunContext(
        working_directory=tmp_path,
        variables={"inputs": {"name": "Ada", "files": '{"a.txt": "A"}'}},
    )


def shell(context, *commands, **properties):
    task = parse_task(
        {"id": "t", "type": SCRIPTS + "shell.Commands", "commands": commands, **properties}
    )
    return task.run(context)


def test_commands_are_rendered_and_their_lines_logged(context):
    output = shell(context, "echo Hello {{ inputs.name }}", "echo again")

    assert context.logger.lines == [LogLine("INFO", "Hello Ada"), LogLine("INFO", "again")]
    assert output.to_map() == {
        "exitCode": 0,
        "vars": {},
        "outputFiles": {},
        "stdOutLineCount": 2,
        "stdErrLineCount": 0,
    }
    assert output.final_state() is None


@pytest.mark.parametrize(
    ("properties", "state"), [({}, State.WARNING), ({"warningOnStdErr": False}, None)]
)
def test_a_line_on_standard_error_is_a_warning_unless_switched_off(context, properties, state):
    output = shell(context, "echo careful >&2", **properties)

    assert context.logger.lines == [LogLine("WARN", "careful")]
    assert output.final_state() is state
    assert output.std_err_line_count == 1


def test_the_first_command_that_fails_ends_the_task(context):
    with pytest.raises(TaskFailed, match=r"^The command ended with exit code 1$"):
        shell(context, "false", "echo never")

    assert context.logger.lines == []


def test_without_fail_fast_only_the_last_command_counts(context):
    shell(context, "false", "echo still", failFast=False)

    assert context.logger.messages == ["still"]


def test_before_commands_run_first_in_the_same_shell(context):
    shell(context, "echo $X", beforeCommands=["X={{ inputs.name }}"])

    assert context.logger.messages == ["Ada"]


def test_another_interpreter_reads_the_commands(context):
    shell(context, "[[ a == a ]] && echo bash", interpreter=["/bin/bash", "-c"])

    assert context.logger.messages == ["bash"]


def test_environment_variables_are_rendered(context):
    shell(context, 'echo "$NAME $FLAG $COUNT"', env={
        "NAME": "{{ inputs.name }}", "FLAG": True, "COUNT": 3
    })  # fmt: skip

    assert context.logger.messages == ["Ada true 3"]


def test_outputs_and_metrics_are_read_from_lines(context):
    output = shell(
        context,
        """echo '::{"outputs": {"rows": 3, "list": [1, {"a": null}]}}::'""",
        """echo '::{"outputs": {"more": "x"}}::'""",
        """echo '::{"metrics": [{"name": "n", "value": 2, "tags": {"k": 1}}]}::'""",
        """echo '::{"metrics": [{"name": "t", "type": "timer", "value": 1.5}]}::'""",
    )

    assert output.vars == {"rows": 3, "list": [1, {"a": None}], "more": "x"}
    assert context.metrics == [
        Metric("n", 2.0, "counter", {"k": "1"}),
        Metric("t", 1.5, "timer", {}),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("::{nonsense}::", "is not valid JSON"),
        ('::{"metrics": [{"name": "n", "value": "many"}]}::', "A metric was not read"),
        ('::{"metrics": [3]}::', "A metric was not read"),
    ],
)
def test_a_message_that_cannot_be_read_is_a_warning_in_the_log(context, line, words):
    shell(context, f"echo '{line}'")

    assert any(words in message for message in context.logger.messages)


def test_log_lines_of_the_client_library_keep_their_level(context):
    shell(context, """echo '::{"logs": [{"level": "ERROR", "message": "broken"}]}::'""")

    assert context.logger.lines == [LogLine("ERROR", "broken")]


def test_other_messages_are_shown_for_debugging(context):
    shell(context, """echo '::{"outputs": {"a": 1}}::'""")

    assert context.logger.lines == [LogLine("DEBUG", '::{"outputs": {"a": 1}}::')]


def test_large_outputs_are_read(context):
    output = shell(
        context, """printf '::{"outputs": {"big": "'; head -c 300000 /dev/zero | tr '\\0' x; """
        """printf '"}}::\\n'"""
    )  # fmt: skip

    assert len(output.vars["big"]) == 300_000


def test_input_files_are_texts_or_addresses(context):
    uri = context.files.store(b"stored", "in.bin")

    shell(
        context,
        "cat a.txt folder/b.txt; echo; cat c.json",
        inputFiles={
            "a.txt": "Hello {{ inputs.name }}\n",
            "folder/b.txt": uri,
            "c.json": {"a": [1]},
            "left_out": None,
        },
    )

    assert context.logger.messages == ["Hello Ada", "stored", '{"a":[1]}']
    assert not (context.working_directory / "left_out").exists()


def test_input_files_may_be_a_text_that_renders_to_json(context):
    shell(context, "cat a.txt", inputFiles="{{ inputs.files }}")

    assert context.logger.messages == ["A"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../out.txt": "x"}, "is not a place in the working folder"),
        ({"": "x"}, "is not a place in the working folder"),
        ("{{ inputs.name }}", "not valid JSON"),
        ("[1]", "must be a map"),
        ({"a": "kestra:///company/none"}, "The input file 'a' cannot be read"),
    ],
)
def test_input_files_that_cannot_be_placed_fail_the_task(context, files, words):
    with pytest.raises(TaskFailed, match=words):
        shell(context, "true", inputFiles=files)


def test_a_link_in_the_folder_leads_no_input_file_out(context, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside")
    (context.working_directory / "link").symlink_to(outside)

    with pytest.raises(TaskFailed, match="is not a place in the working folder"):
        shell(context, "true", inputFiles={"link/x": "text"})

    assert list(outside.iterdir()) == []


def test_output_files_are_kept_by_name_and_pattern(context):
    output = shell(
        context,
        "mkdir -p d/e; echo 1 > one.txt; echo 2 > d/two.csv; echo 3 > d/e/three.csv; echo 4 > no",
        outputFiles=["one.txt", "**/*.csv"],
    )

    assert sorted(output.output_files) == ["d/e/three.csv", "d/two.csv", "one.txt"]
    assert context.files.read(output.output_files["d/two.csv"]) == b"2\n"


def test_all_of_the_output_folder_is_kept(context):
    output = shell(context, "echo x > {{ outputDir }}/x.txt; echo y > $OUTPUT_DIR/y.txt")

    assert sorted(output.output_files) == ["x.txt", "y.txt"]


def test_a_named_output_file_that_is_not_there_is_said(context):
    output = shell(context, "true", outputFiles=["nothing.txt", "*.csv"])

    assert output.output_files == {}
    assert context.logger.messages == ["There is no file 'nothing.txt' among the output files"]


def test_our_own_files_are_never_among_the_outputs(context):
    output = shell(context, "echo x > y", outputFiles=["**"])

    assert sorted(output.output_files) == ["y"]


def test_namespace_files_are_put_into_the_folder(context):
    context.files.put_namespace_file("scripts/main.sh", b"echo from the namespace\n")
    context.files.put_namespace_file("scripts/other.sh", b"")

    shell(
        context,
        "sh scripts/main.sh; ls scripts",
        namespaceFiles={"enabled": True, "include": ["scripts/*.sh"], "exclude": ["**/other*"]},
    )

    assert context.logger.messages == ["from the namespace", "main.sh"]


def test_namespace_files_are_not_there_unless_enabled(context):
    context.files.put_namespace_file("a.txt", b"")

    shell(context, "ls", namespaceFiles={"enabled": False})

    assert context.logger.messages == []


def test_a_script_longer_than_an_argument_runs(context):
    task = parse_task(
        {"id": "t", "type": SCRIPTS + "shell.Script", "script": ": " + "x" * 200_000 + "\necho end"}
    )

    task.run(context)

    assert context.logger.messages == ["end"]


def test_the_timeout_of_the_task_ends_it(context):
    with pytest.raises(TaskFailed, match=r"the time limit of PT0.1S has passed"):
        shell(context, "sleep 60", timeout="PT0.1S")


def test_a_kill_from_another_thread_ends_it(context):
    threading.Timer(0.05, context.kill).start()

    with pytest.raises(TaskFailed, match="killed on request"):
        shell(context, "sleep 60")


def python(context, kind="Script", **properties):
    return parse_task({"id": "t", "type": f"{SCRIPTS}python.{kind}", **properties}).run(context)


def test_a_python_script_runs_and_imports_its_input_files(context):
    python(
        context,
        script="import helper\nprint(helper.NAME, '{{ inputs.name }}')",
        inputFiles={"helper.py": "NAME = 'from the file'"},
    )

    assert context.logger.messages == ["from the file Ada"]


def test_a_python_script_that_fails_shows_its_trace(context):
    with pytest.raises(TaskFailed, match="exit code 1"):
        python(context, script="raise ValueError('broken')")

    assert context.logger.messages[-1] == "ValueError: broken"


def test_python_commands_run(context):
    python(
        context,
        "Commands",
        commands=["python3 main.py"],
        inputFiles={"main.py": "print('main')"},
    )

    assert context.logger.messages == ["main"]


FAKE_DOCKER = """#!/bin/sh
echo "docker $*"
echo "SECRET=$SECRET"
exit ${FAKE_EXIT:-0}
"""


@pytest.fixture
def docker(tmp_path_factory, monkeypatch):
    """A program of that name that shows what it was told."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "docker"
    program.write_text(FAKE_DOCKER)
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return program


def test_the_older_runner_docker_makes_a_container(context, docker):
    shell(
        context,
        "echo hi",
        runner="DOCKER",
        docker={
            "image": "registry.example.com/team/python:latest",
            "pullPolicy": "NEVER",
            "credentials": {"registry": "registry.example.com", "username": "u", "password": "p"},
            "cpu": {"cpus": 1},
            "memory": {"memory": "512Mi"},
        },
        env={"SECRET": "hidden from the command line"},
    )

    words = context.logger.messages[0]
    folder = context.working_directory
    assert f"--volume {folder}:{folder} --workdir {folder}" in words
    assert "--pull never" in words
    assert "--cpus 1 --memory 512m" in words
    assert "--env SECRET" in words
    assert "hidden from the command line" not in words
    assert "registry.example.com/team/python:latest /bin/sh -c set -e" in words
    assert context.logger.messages[-1] == "SECRET=hidden from the command line"


def test_a_task_runner_docker_takes_the_image_of_the_task(context, docker):
    shell(
        context,
        "echo hi",
        taskRunner={"type": SCRIPTS + "runner.docker.Docker", "pullPolicy": "ALWAYS"},
        containerImage="golang:latest",
    )

    assert "--pull always" in context.logger.messages[0]
    assert "golang:latest /bin/sh -c" in " ".join(context.logger.messages)


def test_a_container_that_cannot_start_is_a_clear_failure(context, docker):
    docker.write_text("#!/bin/sh\nexit 125\n")

    with pytest.raises(TaskFailed, match="Docker could not start the container"):
        shell(context, "echo hi", runner="DOCKER")


def test_a_worker_without_docker_says_so(context, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(TaskFailed, match="this worker has no Docker"):
        shell(context, "echo hi", runner="DOCKER")


def test_tasks_of_one_working_folder_keep_their_outputs_apart(tmp_path):
    first = MemoryRunContext(working_directory=tmp_path)
    second = MemoryRunContext(working_directory=tmp_path)

    shell(first, "echo 1 > $OUTPUT_DIR/first; echo stay > stay.txt")
    output = shell(second, "cat stay.txt; echo 2 > $OUTPUT_DIR/second")

    assert list(output.output_files) == ["second"]
    assert second.logger.messages == ["stay"]
    assert Path(tmp_path / "stay.txt").exists()
