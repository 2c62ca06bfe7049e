# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

should_pass_shellcheck() {
  local scripts
  mapfile -t scripts < <(grep -lrE '^#!(/bin/busybox |/usr/bin/env )?(/bin/)?(ba)?sh' "$here" "$project/.ci" \
    "$project/app/src/main/image" "$project/app/src/main/deb")
  ((${#scripts[@]} >= 10)) || fail "only ${#scripts[@]} scripts found"
  shellcheck -x -P SCRIPTDIR "${scripts[@]}" "$here"/test.d/*.sh "$here"/bench.d/*.sh
}

should_explain_every_script() {
  local script
  for script in bench build corpus fuzz install package run test uninstall vm; do
    "$here/$script" --help >out
    expect_match out "^Usage: .*scripts/$script"
  done
}

should_refuse_an_unknown_option_with_one_line() {
  local script
  for script in bench build fuzz install package run test uninstall vm; do
    wrong_use "$here/$script" "unknown option --frobnicate; see $script --help" --frobnicate
  done
}

should_refuse_bad_values() {
  wrong_use "$here/run" "--size takes a size such as 512M, 2G or 50%, not '12x'" --vm --size 12x
  wrong_use "$here/run" "--device takes /dev/nbd0, /dev/nbd1 and so on, not '/dev/sda'" --device /dev/sda
  wrong_use "$here/run" "--memory takes a whole number above 0, not '0'" --memory 0
  wrong_use "$here/run" '--memlimit, 64 MiB, cannot be above the size, 32 MiB' --vm --size 32M --memlimit 64M
  wrong_use "$here/run" '--memlimit, 512 MiB, would take all of the 512 MiB of memory there are' \
    --vm --size 512M --memlimit 512M
  wrong_use "$here/run" '--image /nowhere: there is no bin/ramzswapd in it' --image /nowhere
  wrong_use "$here/bench" "cannot measure 'luck'; see bench --help" luck
  wrong_use "$here/bench" "--seconds takes a number of seconds, not 'long'" nbd --seconds long
  wrong_use "$here/bench" "--shapes is asked or all, not 'round'" nbd --shapes round
  wrong_use "$here/fuzz" "--seconds takes a whole number above 0, not 'long'" --seconds long
  wrong_use "$here/package" "--version takes a Debian version such as 1.2.3, not 'new'" --version new
  wrong_use "$here/run" "--size needs a value; see run --help" --size
  wrong_use "$here/vm" "--debian needs a value; see vm --help" --debian
  wrong_use "$here/vm" "--debian is one of 12 13, not '11'" --debian 11 --prepare
  wrong_use "$here/test" "there is no part 'nothing'; they are: ${all_parts[*]}" nothing
}

should_stop_nothing_that_it_has_not_started() {
  ((EUID == 0)) || return 0
  expect_status 1 "$here/run" --stop
  expect_one_line err
  expect_match err 'nothing to stop'
}
