# Sourced by scripts/test, which sets here, project, quick and work. The long runs behind docs/why-it-does-not-deadlock.md.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

image=$project/app/target/ramzswap

can_be_set_up() {
  prepare_guests
  prepare_nbdkit
}

# brim_of IMAGE VM_OPTION... -- PEER DISKSIZE_MIB HOGS HOG_MIB PASSES: the session's output goes to the file "out". Sets status.
brim_of() {
  local daemon=$1 options=()
  shift
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  status=0
  "$here/vm" --timeout 900 --hung-task 30 "${options[@]}" --share "$daemon:/share/ramzswap" --share "$tools:/share/tools" \
    --share "$target/nbdkit:/share/nbdkit" "$here/vm.d/brim-session" "$2" brim "$3" 0 "$4" "$5" "$6" >out 2>&1 || status=$?
  cat out
}

# all_right VM_OPTION... -- DISKSIZE_MIB HOGS HOG_MIB PASSES
all_right() {
  local options=()
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  brim_of "$image" "${options[@]}" -- ramzswap "${@:2}"
  expect_match out '^ramzswap: 12 checks passed, 0 failed$'
}

# without GUARD: the image, started without it, as the directory "image"
without() {
  cp -r "$image" image
  printf '%s\n' "-Dramzswap.without=$1" >>image/conf/jvm.options
}

# brim_without_guard [OPTION]: what every guard is measured by; what is left out is in the directory "image"
brim_without_guard() {
  brim_of "$PWD/image" --kernel 6.12 --memory 463 -- ramzswap 512 3 150 2
}

should_refuse_no_write_while_there_is_room_on_one_cpu() {
  all_right --kernel 6.12 --cpus 1 --memory 512 -- 512 3 187 1
}

should_refuse_no_write_while_there_is_room_on_two_cpus() {
  all_right --kernel 6.12 --cpus 2 --memory 512 -- 512 3 187 1
}

should_refuse_no_write_while_there_is_room_on_four_cpus() {
  all_right --kernel 6.12 --cpus 4 --memory 512 -- 512 3 187 1
}

should_stand_memory_filled_to_the_brim_on_kernel_6_1() {
  all_right --kernel 6.1 --memory 351 -- 384 2 130 1
}

should_stand_still_with_a_server_that_has_no_such_guards() {
  brim_of "$image" --kernel 6.12 --memory 463 -- nbdkit 512 3 150 2
  ((status != 0)) || fail "nbdkit's memory disk stood it"
}

should_stand_still_without_io_flusher() {
  without io-flusher
  brim_without_guard
  ((status != 0)) || fail 'it makes no difference'
}

should_stand_still_without_memory_lock() {
  without memory-lock
  brim_without_guard
  ((status != 0)) || fail 'it makes no difference'
}

# These two made no difference there; the page says why they stay. No byte is wrong without them.
should_have_no_wrong_byte_without_real_time_priority() {
  without real-time
  brim_without_guard
  expect_match out '^[0-9]+ right, [0-9]+ killed, 0 wrong'
}

should_have_no_wrong_byte_without_the_rehearsal() {
  without rehearsal
  brim_without_guard
  expect_match out '^[0-9]+ right, [0-9]+ killed, 0 wrong'
}

should_have_no_wrong_byte_without_a_reserve() {
  cp -r "$image" image
  echo -Dramzswap.reserveKib=0 >>image/conf/jvm.options
  brim_without_guard
  expect_match out '^[0-9]+ right, [0-9]+ killed, 0 wrong'
}

should_end_programs_and_live_on_where_they_do_not_fit() {
  "$here/vm" --kernel 6.12 --memory 463 --timeout 900 --share "$image:/share/ramzswap" --share "$tools:/share/tools" \
    "$here/vm.d/brim-session" ramzswap beyond 192 0 2 300 1 | tee out
  expect_match out '^ramzswap: 11 checks passed, 0 failed$'
}

# short CPUS DISKSIZE_MIB MEMLIMIT_MIB HOG_MIB
short() {
  "$here/vm" --kernel 6.12 --cpus "$1" --memory 512 --timeout 900 --share "$image:/share/ramzswap" \
    --share "$tools:/share/tools" "$here/vm.d/shortage-session" "${@:2}" 30 | tee out
  expect_match out '^shortage: [0-9]{2,} checks passed, 0 failed$'
}

should_get_out_of_a_shortage_just_before_the_brim_on_one_cpu() {
  short 1 256 0 460
}

should_get_out_of_a_shortage_just_before_the_brim_on_two_cpus() {
  short 2 256 0 460
}

should_get_out_where_the_memory_limit_is_full_and_swap_slots_are_free() {
  short 2 512 64 560
}

should_get_out_of_a_shortage_with_swap_slots_free_on_two_cpus() {
  short 2 512 0 640
}
