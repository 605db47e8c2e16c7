#!/usr/bin/env bash
# npm ci, sparing the minutes in which better-sqlite3 is compiled where no built one can be downloaded: what was compiled once is kept per version and Node.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=node_modules/better-sqlite3/build/Release/better_sqlite3.node
key=$(node -p "'better-sqlite3-' + require('./package-lock.json').packages['node_modules/better-sqlite3'].version + '-' + [process.platform, process.arch, process.versions.modules].join('-')")
kept="${XDG_CACHE_HOME:-$HOME/.cache}/redress/$key.node"
opens() { node -e "new (require('better-sqlite3'))(':memory:').prepare('select 1').get()"; }

# The same lock, installed already and working: nothing to do.
stamp=node_modules/.redress-lock
print=$(sha256sum package-lock.json | cut -d' ' -f1)-$key
if [ "$(cat "$stamp" 2>/dev/null || true)" = "$print" ] && opens 2>/dev/null; then
  echo "install: up to date"
  exit 0
fi

if [ -f "$kept" ]; then
  npm ci --no-audit --no-fund --ignore-scripts
  mkdir -p "$(dirname "$binary")"
  cp "$kept" "$binary"
else
  npm ci --no-audit --no-fund
fi
if ! opens; then
  rm -f "$kept"
  npm rebuild better-sqlite3
  opens
fi
if [ ! -f "$kept" ]; then
  mkdir -p "$(dirname "$kept")"
  cp "$binary" "$kept.$$" && mv "$kept.$$" "$kept"
fi
echo "$print" >"$stamp"
