# The portal: one image for web, workers, beat and migrations. It holds no secret, no sandbox and no test.

FROM python:3.11-slim-bookworm AS build
WORKDIR /app
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY manage.py ./
COPY portal portal
COPY offboarding offboarding
COPY accounts accounts
COPY tokens tokens
COPY audit audit
COPY workqueue workqueue
COPY bitbucket bitbucket
COPY templates templates
COPY static static
# Compiled here because the running image is read-only.
RUN PORTAL_PROCESS=cli /opt/venv/bin/python manage.py collectstatic --noinput \
 && /opt/venv/bin/python -m compileall -q /app \
 && /opt/venv/bin/pip uninstall --quiet --yes pip setuptools

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin portal
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=portal.settings \
    GUNICORN_CMD_ARGS=--no-control-socket
USER 10001
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "-c", "portal/gunicorn_conf.py", "portal.wsgi:application"]
