# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

pageload=$target/bench/pageload

# Of the figures nothing is expected but that they are there.
should_fill_every_row_of_the_tables() {
  "$here/bench" nbd --quick >table
  cat table
  local row rate='[0-9]+\.[0-9]{2} \('
  for row in '1 page, depth 1, write' '1 page, depth 1, read' '1 page, depth 1, one core, write' \
    '1 page, depth 1, one core, read' '1 page, depth 32, read' '32 pages, depth 4, write' \
    '32 pages, depth 4, 2 connections, read'; do
    expect_match table "^\| $row \| nbdkit (sparse|malloc) \| .* \| $rate"
  done
  expect_match table "^\| 1 page, depth 32, write \| nbdkit zstd \| .* \| $rate"
  expect_match table "^\| processor time of a page written .* \| $rate"
  expect_match table '^\| start to ready, s \| [0-9]'
  expect_match table '^\| memory used for a byte stored \|( [0-9.]+ \|){5}'
  expect_match table '^\| 1 page, depth 32, fio read \|( [0-9,]+ \|){5}'
  grep -q '</svg>' "$target/bench/nbd.svg" || fail 'there is no plot'
}

# 16 MiB behind nbdkit, which nothing else here depends on.
load() {
  nbdkit --foreground --unix socket memory 16M &
  local nbdkit=$! tries
  for ((tries = 0; tries < 100; tries++)); do
    [[ ! -S socket ]] || break
    sleep 0.1
  done
  local status=0
  "$pageload" --corpus "$target/bench/pages" --pages 4096 --seconds 0.5 "$@" >out 2>err || status=$?
  kill $nbdkit
  wait $nbdkit || true
  cat out err
  return $status
}

should_check_what_it_reads() {
  load --depth 8 --connections 2 "nbd+unix:///?socket=$PWD/socket" write read rewrite mix
  local phase
  for phase in write read rewrite mix; do
    expect_match out "^phase=$phase pages=[1-9][0-9]* .* wrong=0 failed=0$"
  done
}

should_find_a_single_wrong_byte() {
  ! load --damage --depth 8 "nbd+unix:///?socket=$PWD/socket" fill read || fail 'it was not found'
  expect_match out '^phase=read .* wrong=[1-9][0-9]* failed=0$'
}

should_refuse_wrong_use_of_pageload() {
  expect_status 2 "$pageload" --corpus "$target/bench/pages" --request 3 nbd://localhost read
  expect_line err "pageload: --request must be a power of two, not '3'"
  expect_status 2 "$pageload" --corpus /nowhere nbd://localhost read
  expect_line err 'pageload: /nowhere: No such file or directory'
  expect_status 2 "$pageload"
}

# It fails by itself where requests led to a collection of garbage.
should_collect_no_garbage_while_it_serves() {
  "$here/bench" steady --requests 100000 --mib 32 --corpus "$target/bench/pages" | tee out
  expect_match out '^\| ramzswap \| 100,000 \| .* \| 0 \|$'
  expect_match out '^\| ramzswap, asked for statistics [0-9,]+ times \| 100,000 \| '
}

# With runs so short, what JMH itself allocates shows in the bytes a call.
should_run_every_kernel() {
  "$here/bench" kernels --quick --corpus "$target/bench/pages" | tee out
  local kernel
  for kernel in AllocatorKernels.exchangeOfWarmObject PageKernels.scanOfRealPage CompressorKernels.compress \
    CompressorKernels.decompress StoreKernels.write StoreKernels.read; do
    expect_match out "^$kernel .* ns/op"
    expect_match out "^$kernel:gc.alloc.rate.norm .* B/op"
  done
}
