# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY tools/runtime tools/runtime
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:24-slim
ENV NODE_ENV=production SILKPOST_HOST=0.0.0.0 SILKPOST_PORT=8080
WORKDIR /app
COPY --from=build /app/package.json /app/LICENSE ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
# What silkpost init writes.
COPY --from=build /app/starter starter
COPY --from=build /app/templates templates
RUN mkdir -p /publication/var /publication/public && chown -R node:node /publication
# The publication's folder: silkpost.yaml, content/, templates/. var/ and public/ must be writable for user 1000.
WORKDIR /publication
USER node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.SILKPOST_PORT || 8080) + '/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "/app/bin/silkpost.js", "start"]
