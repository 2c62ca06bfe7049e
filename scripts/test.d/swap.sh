# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

image=$project/app/target/ramzswap
# shellcheck disable=SC2034
at_once=2

can_be_set_up() {
  prepare_guests
}

# What a user sees who tries it. Swap on 6.1 and 6.12 is below, with a backing swap.
should_swap_real_pages_on_the_newest_kernel_that_is_tested() {
  "$here/run" --vm --kernel pinned | tee out
  expect_match out '^ramzswap: [0-9]{2,} checks passed, 0 failed$'
  expect_match out '^hog: pass 2 at random .* 0 wrong$'
}

# Short; the part notify has the long runs.
should_free_slots_at_once_on_the_newest_kernel_that_is_tested() {
  "$here/vm" --kernel pinned --memory 300 --timeout 900 --share "$image:/share/ramzswap" --share "$tools:/share/tools" \
    "$here/vm.d/notify-session" auto 320 20 | tee out
  expect_match out '^notify auto: [0-9]+ checks passed, 0 failed$'
}

# Small, on the one CPU where it is hardest; the part "guards" has more CPUs, the long runs, and those without each guard.
should_stand_memory_filled_to_the_brim_on_one_cpu() {
  "$here/vm" --kernel 6.12 --cpus 1 --memory 384 --hung-task 10 --share "$image:/share/ramzswap" \
    --share "$tools:/share/tools" "$here/vm.d/brim-session" ramzswap brim 384 200 2 130 1 | tee out
  expect_match out '^ramzswap: 12 checks passed, 0 failed$'
}

# Memory is short, swap slots are not.
should_get_out_of_a_shortage_of_memory_on_one_cpu() {
  "$here/vm" --kernel 6.12 --cpus 1 --memory 512 --timeout 900 --share "$image:/share/ramzswap" \
    --share "$tools:/share/tools" "$here/vm.d/shortage-session" 512 0 640 30 | tee out
  expect_match out 'the first write was refused at [0-9]+ s, a program was ended at [0-9]+ s$'
  expect_match out '^shortage: [0-9]{2,} checks passed, 0 failed$'
}

# swapped_to_disk KERNEL BACKING_SWAP VM_OPTION...: memory for a third of what is needed
swapped_to_disk() {
  "$here/vm" --kernel "$1" --memory 384 --timeout 1500 "${@:3}" --share "$image:/share/ramzswap" \
    --share "$tools:/share/tools" \
    "$here/vm.d/swap-session" ramzswap 320 30 256 100 "$2" | tee out
  expect_match out '^ramzswap: [0-9]{2,} checks passed, 0 failed$'
}

should_send_what_memory_does_not_hold_to_a_disk() {
  swapped_to_disk 6.12 /dev/disk0 --disk 320
}

should_send_what_memory_does_not_hold_to_a_file() {
  swapped_to_disk 6.1 /swapfile
}

should_see_the_same_checks_hold_on_zram() {
  "$here/vm" --share "$tools:/share/tools" "$here/vm.d/swap-session" zram 512 192 560 150 | tee out
  expect_match out '^zram: [0-9]+ checks passed, 0 failed$'
}

should_make_and_unmake_swap_as_on_a_real_host() {
  "$here/vm" --share "$image:/share/ramzswap" --share "$here:/share/scripts" "$here/vm.d/host-session"
}

# The library by itself, both ways, and past a connection whose answers nobody reads.
should_attach_and_detach_both_ways() {
  (cd "$project" && our_maven -pl nbd-protocol test-compile)
  mkdir nbd
  cp -r "$project/nbd-protocol/target/classes" "$project/nbd-protocol/target/test-classes" nbd
  "$here/vm" --share nbd:/share/nbd --share "$image:/share/ramzswap" "$project/nbd-protocol/src/test/guest/attach" \
    '/share/nbd/classes:/share/nbd/test-classes:/share/ramzswap/lib/*' /share/ramzswap/runtime/bin/java /share/ramzswap/lib/native
}

# slept KERNEL: to memory, because the clock of an emulated machine does not wake it from "freeze"
slept() {
  "$here/vm" --kernel "$1" --share "$image:/share/ramzswap" --share "$tools:/share/tools" "$here/vm.d/sleep-session" mem 2 hook | tee out
  expect_match out '^sleep: [0-9]{2,} checks passed, 0 failed$'
}

should_sleep_while_programs_swap() {
  slept 6.12
}

should_serve_the_kernel_through_nbd_client() {
  "$here/vm" --share "$image:/share/ramzswap" --share "$tools:/share/tools" "$here/vm.d/nbd-client-session"
}
