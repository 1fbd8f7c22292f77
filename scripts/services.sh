#!/usr/bin/env bash
# Real Neo4j, Redis and memcached for the tests, without Docker, on loopback ports of their own.
#
#   scripts/services.sh up     [neo4j] [redis] [memcached]   installs what is missing, starts them, waits until each answers
#   scripts/services.sh down   [...]                         stops what `up` has started, and nothing else
#   scripts/services.sh status [...]                         says how each is; exit code 0 if all of them answer
#   scripts/services.sh env    [...]                         prints `export TEST_…` lines: eval "$(scripts/services.sh env)"
#
# Left out, it is all three. Downloads, data, logs and passwords lie in SERVICES_HOME (default ~/.cache/graphrag-chat); the ports are
# SERVICES_NEO4J_PORT (17687), SERVICES_REDIS_PORT (16379) and SERVICES_MEMCACHED_PORT (21211). Runs at the same time wait for each other.
set -euo pipefail

sources="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/services"
home="${SERVICES_HOME:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/graphrag-chat}"
neo4j_port="${SERVICES_NEO4J_PORT:-17687}"
redis_port="${SERVICES_REDIS_PORT:-16379}"
memcached_port="${SERVICES_MEMCACHED_PORT:-21211}"
run_folder="$home/run"

say() { printf '%s\n' "$*" >&2; }
die() {
  say "services.sh: $*"
  exit 1
}

# --- what must be on the machine

has() { command -v "$1" >/dev/null 2>&1; }

# need COMMAND PACKAGE…: installs Debian's packages where that is possible, else says what to install.
need() {
  local command="$1"
  shift
  has "$command" && return
  if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
    die "$command is missing. Install it (Debian and Ubuntu: apt-get install $*), or run this as root where apt-get is at hand."
  fi
  say "installing $*"
  export DEBIAN_FRONTEND=noninteractive
  # RUNLEVEL=1 keeps the package from starting a server of its own on the default port.
  if ! RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >"$run_folder/apt.log" 2>&1; then
    apt-get update -qq >>"$run_folder/apt.log" 2>&1 || true
    RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "$@" >>"$run_folder/apt.log" 2>&1 ||
      die "apt-get could not install $*: $(tail -n 3 "$run_folder/apt.log")"
  fi
  has "$command" || die "$* was installed, but there is still no $command."
}

node_program() {
  local bundled="$sources/../../node_modules/.bin/node"
  if [ -x "$bundled" ]; then printf '%s' "$bundled"; else printf 'node'; fi
}

# --- processes: a pid file holds the pid and what tells this process from a later one with the same number

birth_of() {
  if [ -d /proc/self ]; then
    # The 22nd field is the start in ticks since the machine's own; the 2nd, in brackets, may hold blanks. Z has ended already.
    sed -n -e 's/^.*) //' -e '/^Z/!p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
  else
    ps -o lstart= -p "$1" 2>/dev/null || true
  fi
}

# pid_of NAME: the pid of the process that `up` started, nothing if it is gone.
pid_of() {
  local pid birth
  [ -r "$run_folder/$1.pid" ] || return 0
  { read -r pid && read -r birth; } <"$run_folder/$1.pid" || return 0
  if [ -n "$birth" ] && [ "$(birth_of "$pid")" = "$birth" ]; then printf '%s' "$pid"; fi
}

# start NAME COMMAND…: in a session of its own, so that Ctrl-C at the terminal does not reach it, without the lock of this run.
start() {
  local name="$1" pid
  shift
  if has setsid; then set -- setsid "$@"; else set -- nohup "$@"; fi
  "$@" >"$run_folder/$name.log" 2>&1 </dev/null 9>&- &
  pid=$!
  printf '%s\n%s\n' "$pid" "$(birth_of "$pid")" >"$run_folder/$name.pid"
}

# answers NAME SECONDS [PID]
answers() {
  local port="${1}_port"
  SERVICE_PASSWORD="$(password_of "$1")" "$(node_program)" "$sources/probe.mjs" "$1" "${!port}" "$2" ${3:+"$3"}
}

password_of() {
  cat "$home/$1.password" 2>/dev/null || true
}

# Made once and kept, readable by this user alone.
make_password() {
  [ -s "$home/$1.password" ] && return
  (umask 077 && od -An -N 16 -tx1 /dev/urandom | tr -d ' \n' >"$home/$1.password")
}

# --- the three servers

ensure_neo4j() {
  need javac openjdk-17-jdk-headless
  local version
  version="$(javac -version 2>&1 | sed -E 's/^javac ([0-9]+).*$/\1/')"
  case "$version" in
    17 | 21) ;;
    *) die "Neo4j 5.26 runs on Java 17 or 21, and javac says $version. Put another JDK first in PATH." ;;
  esac
  lib="$home/neo4j-lib-$(cksum <"$sources/neo4j.pom.xml" | cut -d ' ' -f 1)"
  [ -d "$lib" ] && return
  need mvn maven
  say 'downloading Neo4j from Maven Central (116 MB)'
  rm -rf "$lib.part"
  mvn -q -B -f "$sources/neo4j.pom.xml" dependency:copy-dependencies -DincludeScope=runtime "-DoutputDirectory=$lib.part" >"$run_folder/maven.log" 2>&1 ||
    die "Maven could not download Neo4j: $(tail -n 5 "$run_folder/maven.log")"
  mv "$lib.part" "$lib"
}

start_neo4j() {
  local folder="$home/neo4j"
  make_password neo4j
  mkdir -p "$folder/conf" "$folder/plugins" "$folder/data" "$folder/logs"
  cat >"$folder/conf/neo4j.conf" <<CONF
server.default_listen_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:$neo4j_port
server.http.enabled=false
server.https.enabled=false
dbms.security.auth_enabled=true
# Tests of a wrong password must not lock out the tests beside them.
dbms.security.auth_max_failed_attempts=0
server.memory.pagecache.size=256m
dbms.usage_report.enabled=false
CONF
  NEO4J_PASSWORD="$(password_of neo4j)" start neo4j java -Xms512m -Xmx1g -XX:+ExitOnOutOfMemoryError \
    --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    -cp "$lib/*" "$sources/Neo4jServer.java" "$folder"
}

ensure_redis() { need redis-server redis-server; }

start_redis() {
  make_password redis
  mkdir -p "$home/redis"
  (
    umask 077
    cat >"$home/redis/redis.conf" <<CONF
bind 127.0.0.1
port $redis_port
requirepass $(password_of redis)
dir $home/redis
save ""
appendonly no
CONF
  )
  start redis redis-server "$home/redis/redis.conf"
}

ensure_memcached() { need memcached memcached; }

start_memcached() {
  set -- -l 127.0.0.1 -p "$memcached_port" -U 0 -m 64
  # It refuses to run as root.
  if [ "$(id -u)" -eq 0 ]; then set -- "$@" -u nobody; fi
  start memcached memcached "$@"
}

# --- commands

up() {
  local pid
  "ensure_$1"
  pid="$(pid_of "$1")"
  if [ -z "$pid" ]; then
    "start_$1"
    pid="$(pid_of "$1")"
  fi
  if ! answers "$1" 120 ${pid:+"$pid"}; then
    say "the end of $run_folder/$1.log:"
    tail -n 10 "$run_folder/$1.log" >&2 || true
    die "$1 could not be started."
  fi
  # Another process on the port could have answered in its place.
  [ -n "$(pid_of "$1")" ] || die "$1 ended at once, and something else answers on its port; see $run_folder/$1.log."
  say "$1 is up"
}

down() {
  local pid tries
  pid="$(pid_of "$1")"
  if [ -z "$pid" ]; then
    rm -f "$run_folder/$1.pid"
    say "$1 is not running"
    return
  fi
  kill "$pid" 2>/dev/null || true
  for ((tries = 0; tries < 150; tries += 1)); do
    [ -n "$(pid_of "$1")" ] || break
    # A stopped process takes no signal but these two.
    [ "$tries" -ne 100 ] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.2
  done
  [ -z "$(pid_of "$1")" ] || die "$1 (process $pid) does not end."
  rm -f "$run_folder/$1.pid"
  say "$1 is down"
}

status() {
  local port="${1}_port" pid
  pid="$(pid_of "$1")"
  if [ -z "$pid" ]; then
    printf '%-10s down\n' "$1"
    return 1
  fi
  if answers "$1" 0 "$pid" 2>/dev/null; then
    printf '%-10s up        127.0.0.1:%s  process %s\n' "$1" "${!port}" "$pid"
  else
    printf '%-10s silent    127.0.0.1:%s  process %s\n' "$1" "${!port}" "$pid"
    return 1
  fi
}

# The names are the tests' own, so that they never configure a service that is started from the same shell.
env_of() {
  if [ -z "$(pid_of "$1")" ]; then
    printf '# %s is not up\n' "$1"
    return
  fi
  case "$1" in
    neo4j)
      printf 'export TEST_NEO4J_URI=bolt://127.0.0.1:%s\n' "$neo4j_port"
      printf 'export TEST_NEO4J_USERNAME=neo4j\n'
      printf 'export TEST_NEO4J_PASSWORD=%s\n' "$(password_of neo4j)"
      ;;
    redis) printf 'export TEST_REDIS_URL=redis://:%s@127.0.0.1:%s\n' "$(password_of redis)" "$redis_port" ;;
    memcached) printf 'export TEST_MEMCACHED_SERVERS=127.0.0.1:%s\n' "$memcached_port" ;;
  esac
}

usage() {
  sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed -e '/^set /d' -e 's/^# \{0,1\}//' >&2
  exit 2
}

# One run at a time changes anything.
lock() {
  has flock || die 'flock is missing (Debian: util-linux; macOS: brew install flock).'
  exec 9>"$run_folder/lock"
  flock 9
}

main() {
  local command="${1:-}" name failed=0
  case "$command" in up | down | status | env) shift ;; *) usage ;; esac
  [ "$#" -gt 0 ] || set -- neo4j redis memcached
  for name in "$@"; do
    case "$name" in neo4j | redis | memcached) ;; *) usage ;; esac
  done
  mkdir -p "$run_folder"
  # Neo4j refuses paths with dots in them.
  home="$(cd "$home" && pwd -P)"
  run_folder="$home/run"
  case "$command" in up | down) lock ;; esac
  for name in "$@"; do
    case "$command" in
      up) up "$name" ;;
      down) down "$name" ;;
      status) status "$name" || failed=1 ;;
      env) env_of "$name" ;;
    esac
  done
  return "$failed"
}

main "$@"
