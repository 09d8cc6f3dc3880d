import pytest

from plugins.scripts.globs import matches


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        ("*.csv", "a.csv", True),
        ("*.csv", "d/a.csv", False),
        ("**/*.csv", "a.csv", True),
        ("**/*.csv", "d/e/a.csv", True),
        ("**.csv", "d/a.csv", True),
        ("d/**", "d/e/a.csv", True),
        ("d/**", "e/a.csv", False),
        ("/a.csv", "a.csv", True),
        ("./a.csv", "a.csv", True),
        ("glob:*.csv", "a.csv", True),
        ("{a,b}.csv", "b.csv", True),
        ("{a,b}.csv", "c.csv", False),
        ("a?.csv", "ab.csv", True),
        ("a?.csv", "a/.csv", False),
        ("[ab].csv", "b.csv", True),
        ("[!ab].csv", "b.csv", False),
        ("a.csv", "aXcsv", False),
        ("a+(b).csv", "a+(b).csv", True),
        ("a,b.csv", "a,b.csv", True),
        ("{a,b", "a", True),
        ("dir1/*.*", "dir1/file1.txt", True),
    ],
)
def test_patterns(pattern, path, fits):
    assert matches(path, [pattern]) is fits
