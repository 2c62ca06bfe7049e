# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

can_be_set_up() {
  prepare_tools 32
}

should_take_as_many_pages_as_asked_for() {
  "$here/corpus" pages 4
  (($(stat -c %s pages) == 4 << 20)) || fail "the corpus has $(stat -c %s pages) bytes"
  # Real pages: neither all zero nor noise.
  local compressed
  compressed=$(gzip -1 <pages | wc -c)
  ((compressed > 200000 && compressed < 3 << 20)) || fail "4 MiB shrink to $compressed bytes"
}

should_find_every_byte_right() {
  expect_status 0 "$tools/hog" --threads 2 --passes 3 --corpus "$tools/corpus" 16
  expect_match out '^hog: pass 3 in order .* 0 wrong$'
  expect_status 0 "$tools/hog" 16
}

should_find_a_single_wrong_byte() {
  expect_status 1 "$tools/hog" --damage --rewrite 0 --passes 2 --corpus "$tools/corpus" 16
  expect_match out '^hog: wrong: page 2048 version 0: 1 bytes differ'
  expect_match out '^hog: pass 1 .* 1 wrong$'
  expect_match out '^hog: pass 2 .* 1 wrong$'
}

should_look_at_cold_memory_once() {
  expect_status 0 "$tools/hog" --threads 2 --passes 3 --hot 4 --corpus "$tools/corpus" 16
  expect_match out '^hog: pass 3 in order +1024 pages .* 0 wrong$'
  expect_match out '^hog: the rest +3072 pages .* 0 wrong$'
  # The spoilt byte is in the middle.
  expect_status 1 "$tools/hog" --hot 4 --damage 16
  expect_match out '^hog: pass 2 .* 0 wrong$'
  expect_match out '^hog: the rest .* 1 wrong$'
  expect_status 2 "$tools/hog" --hot 17 16
  expect_line err 'hog: --hot must be at most 16'
}

should_hold_until_its_input_ends() {
  mkfifo input
  "$tools/hog" --hold 4 <input >out &
  local hog=$! tries
  exec 7>input
  for ((tries = 0; tries < 100; tries++)); do
    ! grep -q holding out || break
    sleep 0.1
  done
  kill -0 "$hog"
  exec 7>&-
  wait "$hog"
}

should_refuse_wrong_use_of_hog() {
  expect_status 2 "$tools/hog" many
  expect_line err "hog: MIB must be a number from 1 to 1048576, not 'many'"
  expect_status 2 "$tools/hog" --corpus /nowhere 1
  expect_line err 'hog: /nowhere: No such file or directory'
  expect_status 2 "$tools/hog"
}
