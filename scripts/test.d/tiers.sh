# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

image=$project/app/target/ramzswap

can_be_set_up() {
  prepare_guests
}

# tiered PEER: 192 MiB, of which 48 are hot
tiered() {
  "$here/vm" --kernel 6.12 --memory 384 --timeout 900 --disk 256 --share "$image:/share/ramzswap" \
    --share "$tools:/share/tools" "$here/vm.d/tiers-session" "$1" 192 48 32 | tee out
  expect_match out "^tiers $1: [0-9]+ checks passed, 0 failed\$"
}

# failing FAULT
failing() {
  "$here/vm" --kernel 6.12 --memory 384 --timeout 600 --hung-task 120 --disk 256 --share "$image:/share/ramzswap" \
    --share "$tools:/share/tools" "$here/vm.d/faults-session" "$1" | tee out
  expect_match out "^faults $1: [0-9]{2,} checks passed, 0 failed\$"
}

should_keep_in_memory_what_is_hot() {
  tiered ramzswap
}

should_see_the_same_on_the_kernels_own_swap() {
  tiered disk
}

should_see_the_same_on_zram_that_writes_back() {
  tiered zram
}

should_stand_a_disk_that_fails() {
  failing error
}

should_stand_a_disk_that_fails_now_and_then() {
  failing flakey
}

should_notice_a_disk_that_loses_what_it_was_given() {
  failing dropped
}

should_wait_for_a_slow_disk() {
  failing delay
}

should_wait_for_a_disk_that_does_nothing_for_half_a_minute() {
  failing stall
}

should_stand_a_disk_that_is_pulled_out() {
  failing vanished
}

should_notice_a_file_that_is_overwritten() {
  failing overwritten
}

should_stand_a_file_that_is_cut_short() {
  failing truncated
}
