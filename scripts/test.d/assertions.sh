# Sourced by the tests. In a test, set -e is on: the first command that fails fails the test.
# shellcheck shell=bash

fail() {
  printf 'failed: %s\n' "$*" >&2
  exit 1
}

# expect_status STATUS COMMAND...: output goes to the file "out", errors to "err"
expect_status() {
  local status=0
  "${@:2}" >out 2>err || status=$?
  cat out err
  ((status == $1)) || fail "'${*:2}' ended with status $status, not $1"
}

# await CONDITION: for a minute at most
await() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    ! eval "$1" || return 0
    sleep 0.1
  done
  fail "never came true: $1"
}

expect_line() {
  grep -qxF -- "$2" "$1" || fail "no line '$2' in $1"
}

expect_match() {
  grep -qE -- "$2" "$1" || fail "nothing like '$2' in $1"
}

expect_one_line() {
  (($(wc -l <"$1") == 1)) || fail "$1 should be one line"
}

# wrong_use PROGRAM MESSAGE ARGUMENT...: status 2 and just this one line
wrong_use() {
  expect_status 2 "$1" "${@:3}"
  expect_one_line err
  expect_line err "$(basename -- "$1"): $2"
}
