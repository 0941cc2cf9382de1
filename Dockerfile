# The services of termwise. Everything is installed by hash; nothing in it can be written to; it is not root.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/termwise
WORKDIR /src
COPY requirements.lock .
RUN /opt/termwise/bin/pip install --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml .
COPY engine engine
COPY definitions definitions
COPY activities activities
COPY storage storage
COPY workflows workflows
COPY reports reports
COPY workers workers
COPY cli cli
RUN /opt/termwise/bin/pip install --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN useradd --uid 1000 --no-create-home --shell /usr/sbin/nologin termwise
COPY --from=build /opt/termwise /opt/termwise
ENV PATH=/opt/termwise/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp TERMWISE_HOME=/tmp/termwise TERMWISE_LOG_FORMAT=json
USER termwise
WORKDIR /tmp
ENTRYPOINT ["termwise"]
CMD ["worker"]
