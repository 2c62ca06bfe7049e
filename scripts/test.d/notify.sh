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

# churned KERNEL HOW SECONDS: memory that comes and goes for so long, more of it than the guest has. zram's guest has not the
# memory that the daemon takes for itself, so that as much is swapped out in it.
churned() {
  local mib=300
  [[ $2 != zram ]] || mib=215
  "$here/vm" --kernel "$1" --memory $mib --timeout 500 --share "$image:/share/ramzswap" --share "$tools:/share/tools" \
    "$here/vm.d/notify-session" "$2" 320 "$3" | tee out
  expect_match out "^notify $2: [0-9]+ checks passed, 0 failed\$"
}

should_free_slots_at_once_on_kernel_6_1() {
  churned 6.1 auto 50
}

should_free_slots_at_once_on_kernel_6_12() {
  churned 6.12 auto 50
}

should_free_slots_at_once_on_the_newest_kernel_that_is_tested() {
  churned pinned auto 50
}

# What is left where the functions of the swap code have got other names.
should_free_slots_at_once_through_zswaps_function() {
  churned pinned zswap 30
}

should_tell_how_much_is_stale_with_trim_alone() {
  churned 6.12 trim 30
}

should_see_the_same_churn_on_zram() {
  churned 6.12 zram 30
}

should_lose_nothing_when_events_are_read_seconds_late() {
  churned 6.12 slow 40
}

should_clean_up_after_a_daemon_that_was_killed() {
  churned 6.1 killed 20
}

should_do_without_on_a_kernel_that_lacks_the_function() {
  churned 6.1 unknown 15
}

should_do_without_on_the_newest_kernel_when_it_lacks_the_function() {
  churned pinned unknown 15
}

should_do_without_on_a_kernel_that_is_locked_down() {
  churned 6.12 locked 15
}
