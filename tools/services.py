"""PostgreSQL and Redis of its own on free ports, and the distributed processes on them, in one
terminal. Everything is gone when it ends."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.support.servers import PostgresServer, RedisServer


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", default="8080")
    port = parser.parse_args().port
    redis, postgres = RedisServer(), PostgresServer()
    with tempfile.TemporaryDirectory(prefix="kestra-services-") as folder:
        try:
            redis.start()
            postgres.start()
            environment = {
                "KESTRA_ENCRYPTION_SECRET_KEY": os.urandom(32).hex(),
                **os.environ,
                "DATABASE_URL": postgres.create_database("kestra"),
                "REDIS_URL": redis.url,
                "KESTRA_DATA_DIR": folder,
            }
            command = [sys.executable, "-m", "kestra_site", "server", "standalone", "--port", port]
            return subprocess.run(command, env=environment, check=False).returncode
        except KeyboardInterrupt:
            return 0
        finally:
            redis.stop()
            postgres.remove()


if __name__ == "__main__":
    sys.exit(main())
