# The product as an image: the wheel, what it needs, and a user without rights.
FROM python:3.11-slim-bookworm AS build
WORKDIR /source
COPY requirements/dev.lock requirements/node.lock requirements/
RUN python -m venv /build && /build/bin/pip install --quiet --require-hashes \
      -r requirements/dev.lock -r requirements/node.lock
COPY . .
RUN /build/bin/python tools/frontend.py
RUN /build/bin/python -m hatchling build -t wheel -d /wheels

FROM python:3.11-slim-bookworm
COPY requirements/runtime.lock /tmp/runtime.lock
COPY --from=build /wheels /tmp/wheels
RUN python -m venv /opt/kestra \
  && /opt/kestra/bin/pip install --quiet --no-cache-dir --require-hashes -r /tmp/runtime.lock \
  && /opt/kestra/bin/pip install --quiet --no-cache-dir --no-deps /tmp/wheels/*.whl \
  && rm -r /tmp/wheels /tmp/runtime.lock \
  && useradd --system --create-home --home-dir /var/lib/kestra kestra
ENV PATH=/opt/kestra/bin:$PATH KESTRA_DATA_DIR=/var/lib/kestra/data PYTHONDONTWRITEBYTECODE=1
USER kestra
VOLUME /var/lib/kestra/data
EXPOSE 8080
HEALTHCHECK --interval=10s --start-period=20s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/health', timeout=3)"]
ENTRYPOINT ["kestra"]
CMD ["server", "local", "--host", "0.0.0.0"]
