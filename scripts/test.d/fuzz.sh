# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

should_find_nothing_in_a_short_run() {
  "$here/fuzz" --seconds 30 | tee out
  expect_match out '^stat::number_of_executed_units: [0-9]{4,}'
}
