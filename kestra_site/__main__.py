"""`python -m kestra_site` is the `kestra` command."""

from kestra_site.cli import main

if __name__ == "__main__":
    main()
