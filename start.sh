#!/bin/sh
# Starts the gateway from a clone; options go to it: ./start.sh --port 9000
# What is missing is installed first. No variable is printed or changed.
set -eu
cd "$(dirname "$0")"

if ! command -v node >/dev/null 2>&1; then
  echo "Node.js 20 or newer is needed: https://nodejs.org" >&2
  exit 1
fi
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)'; then
  echo "Node.js 20 or newer is needed; this is $(node --version)." >&2
  exit 1
fi

# npm writes the second file when it is done, so an installation that was cut short is begun again.
if [ ! -f node_modules/.package-lock.json ] || [ -n "$(find package-lock.json -newer node_modules/.package-lock.json)" ]; then
  echo "Installing what the gateway needs ..." >&2
  npm ci --no-audit --no-fund
fi

exec npm start --silent -- "$@"
