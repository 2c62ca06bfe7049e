# In the guest as /run/vm/session.sh: what scripts share that check something there. They end with
#   printf 'NAME: %d checks passed, %d failed\n' $passed $failed
#   ((failed == 0))
# shellcheck shell=bash disable=SC2034

passed=0 failed=0

step() {
  printf '\n=== %s (%.0f s)\n' "$1" "$(cut -d ' ' -f 1 /proc/uptime)"
}

# check WHAT COMMAND...: counts, and says so when the command fails.
check() {
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$what"
  fi
}

# refused COMMAND...: whether it fails, whatever it says.
refused() {
  ! "$@" >/dev/null 2>&1
}

# wait_for COMMAND...: until it succeeds, for some two minutes.
wait_for() {
  local tries
  for ((tries = 0; tries < 1200; tries++)); do
    ! "$@" 2>/dev/null || return 0
    sleep 0.1
  done
  echo "not within two minutes: $*"
  return 1
}

# stat_of FIELD: its value, in what `rzscontrol --stats` left in /tmp/stats.
stat_of() {
  sed -n "s/^$1:[[:space:]]*\([0-9]*\).*/\1/p" /tmp/stats
}

# vmstat_of FIELD
vmstat_of() {
  sed -n "s/^$1 //p" /proc/vmstat
}
