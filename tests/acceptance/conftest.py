"""One server for all tests of a module that only use it; those that end theirs start their own."""

from collections.abc import Iterator

import pytest

from tests.support.product import Product, local_product


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with local_product(tmp_path_factory.mktemp("product")) as running:
        yield running
