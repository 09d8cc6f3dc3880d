from plugins.testing import MemoryRunContext


def test_a_secret_is_masked_in_the_log_from_then_on():
    context = MemoryRunContext(secrets={"TOKEN": "abcdef"})

    rendered = context.render("{{ secret('TOKEN') }}")
    context.logger.info(f"the token is {rendered}")

    assert rendered == "abcdef"
    assert context.logger.messages == ["the token is ******"]


def test_expressions_read_values_and_files():
    context = MemoryRunContext(variables={"inputs": {"n": 3}})
    context.kv.set("k", "v")
    context.files.put_namespace_file("a/b.txt", b"text")

    assert context.render("{{ kv('k') }} {{ read('a/b.txt') }}") == "v text"
    assert context.render("{{ inputs.n }}", typed=True) == 3
    assert context.render(["{{ inputs.n }}", 1]) == ["3", 1]
    assert context.render("{{ own }}", variables={"own": 1}) == "1"


def test_whoever_asks_after_a_kill_is_told_at_once():
    context = MemoryRunContext()
    called = []
    context.on_kill(lambda: called.append("early"))

    context.kill()
    context.on_kill(lambda: called.append("late"))

    assert called == ["early", "late"]
    assert context.is_killed


def test_the_working_folder_is_empty_and_goes_with_the_context():
    with MemoryRunContext() as context:
        folder = context.working_directory
        assert list(folder.iterdir()) == []

    assert not folder.exists()


def test_stored_files_are_read_by_their_address():
    context = MemoryRunContext()

    uri = context.files.store(b"abc", "folder/name.txt")

    assert uri.endswith("/folder/name.txt")
    assert context.files.size(uri) == 3
    assert context.files.open(uri).read() == b"abc"
