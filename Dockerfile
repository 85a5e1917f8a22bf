# The whole gateway as one executable on a base without shell or package manager.
#   docker build -t dragoman .
#   docker run --rm -p 127.0.0.1:8317:8317 -v dragoman:/data -e ANTHROPIC_API_KEY dragoman
# For another architecture: docker buildx build --platform linux/amd64,linux/arm64 .
ARG NODE_IMAGE=node:20-bookworm-slim
# glibc, CA certificates, time zones, /etc/passwd; nothing else.
ARG BASE_IMAGE=gcr.io/distroless/base-nossl-debian12:nonroot

# Built on the machine's own architecture: the compiler makes executables for others.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS build
ARG TARGETARCH
WORKDIR /source
COPY package.json package-lock.json ./
COPY packages/admin/package.json packages/admin/
COPY packages/core/package.json packages/core/
COPY packages/gateway/package.json packages/gateway/
COPY packages/server/package.json packages/server/
# npm links the command of this package.
COPY packages/server/bin packages/server/bin
COPY packages/worker/package.json packages/worker/
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY config.example.yaml tsconfig.json tsconfig.base.json ./
COPY scripts scripts
COPY packages packages
RUN set -eu; \
    case "${TARGETARCH:-$(dpkg --print-architecture)}" in \
      amd64) platform=linux-x64 ;; \
      arm64) platform=linux-arm64 ;; \
      *) echo "there is no executable for ${TARGETARCH}" >&2; exit 1 ;; \
    esac; \
    npm run build -- --target "$platform"; \
    mkdir -p /image/data; \
    cp "dist/dragoman-$platform" /image/dragoman

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Dragoman" \
      org.opencontainers.image.description="Self-hosted LLM gateway: one endpoint that speaks every dialect and reaches every model." \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /image/dragoman /dragoman
# A number, so that Kubernetes can see that it is not root.
COPY --from=build --chown=65532:65532 --chmod=0700 /image/data /data
# A container's port is reached from outside only if the program listens on all interfaces. Without client keys everybody who
# reaches it is let in: publish it on 127.0.0.1, or set api-keys.
ENV DRAGOMAN_HOME=/data \
    DRAGOMAN_HOST=0.0.0.0
WORKDIR /data
VOLUME /data
USER 65532:65532
EXPOSE 8317
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 CMD ["/dragoman", "health"]
ENTRYPOINT ["/dragoman"]
CMD ["serve"]
