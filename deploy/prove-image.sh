#!/usr/bin/env bash
# Runs the steps of deploy/Dockerfile in a clean folder, for machines without an engine, and shows that what comes out starts, is well and stops.
# What it cannot show: the base image, its user, read-only file systems.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(mktemp -d)
service=
cleanup() {
  [ -z "$service" ] || kill "$service" 2>/dev/null || true
  rm -rf "$root"
}
trap cleanup EXIT
mkdir -p "$root/usr/local/bin" "$root/data"

# Paths of the image become paths below the folder; accounts of the image are not there.
here() { sed -E "s#(^|[ =:\"])/(build|app|data|usr/local/bin)#\1$root/\2#g; s#-o node -g node ##g"; }

# The instructions, one a line.
steps=$(sed -E ':a; /\\$/ { N; s/\\\n\s*/ /; ta }' deploy/Dockerfile | grep -vE '^\s*(#|$)')
at=$root
run=
health=
while IFS= read -r step; do
  word=${step%% *}
  rest=${step#* }
  case $word in
    WORKDIR) at=$(printf '%s' "$rest" | here); mkdir -p "$at" ;;
    COPY)
      if [[ $rest == --from=build* ]]; then
        rest=$(printf '%s' "${rest#--from=build }" | here)
        read -r from to <<<"$rest"
        cp -a "$from" "$at/$to"
      else
        read -ra words <<<"$rest"
        to=${words[-1]}
        for from in "${words[@]:0:${#words[@]}-1}"; do
          # Only what .dockerignore lets in is there for an engine.
          grep -qxF "!$from" .dockerignore || { echo "COPY $from: .dockerignore keeps it out" >&2; exit 1; }
          if [ "$to" = ./ ]; then cp -a "$from" "$at/"; else cp -a "$from" "$at/$to"; fi
        done
      fi ;;
    RUN)
      echo "+ $rest"
      (cd "$at" && unset NODE_ENV && eval "$(printf '%s' "$rest" | here)") ;;
    CMD) run=$rest ;;
    HEALTHCHECK) health=${rest#*CMD } ;;
    FROM | ENV | ARG | USER | VOLUME | EXPOSE | STOPSIGNAL) ;;
    *) echo "prove-image.sh does not know $word" >&2; exit 1 ;;
  esac
done <<<"$steps"

[ ! -e "$root/app/node_modules/typescript" ] || { echo 'the developers tools are in it' >&2; exit 1; }
[ ! -e "$root/app/node_modules/wechaty" ] || { echo 'wechaty is in it' >&2; exit 1; }
rm -rf "$root/build"
du -sh "$root/app/node_modules" "$root/app" | sed "s#$root##"

words() { node -e 'for (const word of JSON.parse(process.argv[1])) console.log(word)' "$1"; }
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
export NODE_ENV=production REDRESS_DATA=$root/data REDRESS_LISTEN_HOST=127.0.0.1 REDRESS_LISTEN_PORT=$port
cd "$root/app"
mapfile -t command < <(words "$run")
mapfile -t check < <(words "$health")
"${command[@]}" >"$root/out" 2>"$root/err" &
service=$!
for _ in $(seq 120); do
  if "${check[@]}"; then break; fi
  kill -0 "$service" || { cat "$root/out" "$root/err"; exit 1; }
  sleep 0.5
done
"${check[@]}"
node -e 'fetch(process.argv[1]).then(async (r) => { console.log(r.status, await r.text()); process.exit(r.ok ? 0 : 1) })' "http://127.0.0.1:$port/readyz"
"$root/usr/local/bin/redress" tenant create --handle shop --name 小店 --json >/dev/null
"$root/usr/local/bin/redress" doctor
"$root/usr/local/bin/redress" backup --json | grep -q '"masterKeyIncluded": false'
kill -TERM "$service"
wait "$service"
service=
if "${check[@]}"; then echo 'it still answers' >&2; exit 1; fi
echo 'proved: it is built, starts, is well, takes a backup and stops'
