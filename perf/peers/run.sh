#!/usr/bin/env bash
# Measures ActorFlow and its peers in turn, with the same work, and prints one table. README.md beside it says what is needed.
set -euo pipefail

usage() {
  cat <<'TEXT'
perf/peers/run.sh [--peers LIST] [--seconds N]

  --peers LIST   who is measured, in turn (default: sqlite,postgres,restate,dbos,orleans; the first two are ActorFlow, on either database)
  --seconds N    how long each workload of a peer is counted, after 10 s of warming up (default: 10)
TEXT
}

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=sqlite,postgres,restate,dbos,orleans
seconds=10
while [ $# -gt 0 ]; do
  case $1 in
    --peers) peers=${2:?"--peers needs a list"}; shift 2 ;;
    --seconds) seconds=${2:?"--seconds needs a number"}; shift 2 ;;
    -h | --help) usage; exit ;;
    *) usage >&2; exit 2 ;;
  esac
done
for peer in ${peers//,/ }; do
  case $peer in
    sqlite | postgres | restate | dbos | orleans) ;;
    *) usage >&2; exit 2 ;;
  esac
done

results=$(mktemp -d)
running=
end() {
  # What it started ends with it.
  if [ -n "$running" ]; then kill "$running" 2>/dev/null || true; wait "$running" || true; fi
  rm -rf "$results"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# In the background, for a signal to be heeded at once.
run() {
  local status=0
  "$@" &
  running=$!
  wait "$running" || status=$?
  running=
  return "$status"
}

say() { printf '== %s\n' "$*" >&2; }

# Without the servers that a build leaves behind.
build() { run dotnet build "$1" -c Release --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false >&2; }

ours() {
  build "$root/perf/ActorFlow.Perf"
  say "ActorFlow, $1"
  # It fails on a missed bar, too. What it could not measure is missing from the table.
  run dotnet "$root/perf/ActorFlow.Perf/bin/Release/net10.0/ActorFlow.Perf.dll" --filter P1,P2,P3,P4 --store "$1" --json "$results/$1.json" >&2 || [ -s "$results/$1.json" ]
}

in_node() {
  # npm writes that file last.
  if ! [ "$here/node_modules/.package-lock.json" -nt "$here/package.json" ]; then
    say "packages"
    run npm install --prefix "$here" --no-package-lock --no-audit --no-fund --ignore-scripts >&2
  fi
  say "$1"
  run node --no-deprecation "$here/$1/load.mjs" --seconds "$seconds" > "$results/$1.jsonl"
}

orleans() {
  build "$here/orleans"
  say "orleans"
  run dotnet "$here/orleans/bin/Release/net10.0/ActorFlow.Peers.Orleans.dll" --seconds "$seconds" > "$results/orleans.jsonl"
}

for peer in ${peers//,/ }; do
  case $peer in
    sqlite | postgres) ours "$peer" ;;
    restate | dbos) in_node "$peer" ;;
    orleans) orleans ;;
  esac
done

files=()
for peer in ${peers//,/ }; do
  for file in "$results/$peer".json*; do files+=("$file"); done
done
node "$here/table.mjs" "${files[@]}"
