# syntax=docker/dockerfile:1
# Builds the command from this repository. docs/install.md describes how to run it.

FROM node:24.21.0-slim AS build
WORKDIR /src
COPY . .
RUN node tooling/bootstrap/bootstrap.mjs bundle /opt/cdrstream

FROM node:24.21.0-slim
LABEL org.opencontainers.image.title="cdrstream" \
      org.opencontainers.image.description="Collects Webex Calling call detail records" \
      org.opencontainers.image.source="https://github.com/cdrstream/cdrstream" \
      org.opencontainers.image.licenses="Apache-2.0"

# The collector does not need the base image's package managers.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates tini \
 && rm -rf /var/lib/apt/lists/* /usr/local/lib/node_modules /opt/yarn-* \
           /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \
 && install --directory --mode=0700 --owner=10001 --group=10001 /data

COPY --from=build /opt/cdrstream /opt/cdrstream
COPY deploy/container/check-health.mjs /opt/cdrstream/bin/check-health.mjs
RUN ln -s /opt/cdrstream/bin/cdrstream /usr/local/bin/cdrstream

ENV NODE_ENV=production
# A numeric user, so that Kubernetes can verify that it is not root.
USER 10001:10001
VOLUME /data
WORKDIR /data
EXPOSE 9464

# Requires the `http` section in the configuration. CDRSTREAM_HEALTH_URL overrides the URL.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "/opt/cdrstream/bin/check-health.mjs"]

# tini forwards signals, and reaps processes that a custom sink leaves behind.
ENTRYPOINT ["tini", "--", "cdrstream"]
CMD ["run", "--config", "/etc/cdrstream/cdrstream.yaml"]
