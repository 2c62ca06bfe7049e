# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

image=$project/app/target/ramzswap

can_be_set_up() {
  "$here/build"
  prepare_tools 32
}

# serve SIZE OPTION...: a daemon of this test's own; sets uri. It ends with the test.
serve() {
  # A Unix socket's path is short; the test's directory may not be.
  sockets=$(mktemp -d /tmp/ramzswap-test.XXXXXX)
  socket=$sockets/nbd control=$sockets/control
  uri="nbd+unix:///?socket=$socket"
  "$image/bin/ramzswapd" --listen "unix:$socket" --control "$control" --disksize "$1" "${@:2}" >daemon.log 2>&1 &
  daemon=$!
  trap stop_serving EXIT
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    [[ ! -S $socket || ! -S $control ]] || return 0
    kill -0 $daemon 2>/dev/null || fail "the daemon ended"
    sleep 0.1
  done
  fail 'the daemon does not come up'
}

stop_serving() {
  local status=0
  kill -TERM "$daemon" 2>/dev/null || status=1
  wait "$daemon" || true
  rm -rf "$sockets"
  cat daemon.log
  if ((status != 0)); then
    echo 'the daemon had ended before the test'
    exit 1
  fi
}

statistics() {
  "$image/bin/rzscontrol" --control "$control" rz0 --stats
}

# stat_is FIELD VALUE
stat_is() {
  expect_match stats "^$1:[[:space:]]+$2( kB)?$"
}

should_tell_nbdinfo_size_and_abilities() {
  serve 256M
  nbdinfo --json "$uri" >info
  cat info
  expect_match info '"export-size": 268435456'
  local ability
  for ability in can_flush can_fua can_trim can_zero can_multi_conn; do
    expect_match info "\"$ability\": true"
  done
  expect_match info '"is_read_only": false'
  expect_match info '"block_size_minimum": (1|512|4096),'
}

should_list_its_export() {
  serve 64M
  nbdinfo --list "$uri" >info
  expect_match info 'export-size: 67108864'
}

should_give_nbdcopy_back_what_it_wrote() {
  serve 32M --memlimit 32M
  nbdcopy --sparse=0 "$tools/corpus" "$uri"
  nbdcopy "$uri" copy
  cmp "$tools/corpus" copy
  statistics | tee stats
  stat_is FailedReads 0
  stat_is FailedWrites 0
  stat_is InvalidIO 0
  local held
  held=$(awk '/^(PagesStored|ZeroPages):/ { sum += $2 } END { print sum }' stats)
  ((held == 8192)) || fail "$held pages are held, not 8192"
}

should_show_nbdinfo_what_it_holds() {
  serve 1M
  qemu-io -f raw -c 'write -P 7 8k 4k' "$uri"
  nbdinfo --map "$uri" | tee map
  expect_match map '^ +4096 +4096 +3 +hole,zero$'
  expect_match map '^ +8192 +4096 +0 +data$'
  nbdinfo --map=x-ramzswap:state "$uri" | tee map
  expect_match map '^ +0 +4096 +3'
  expect_match map '^ +8192 +4096 +2'
}

should_write_read_and_discard_with_qemu_io() {
  serve 64M
  qemu-io -f raw -c 'write -P 0xa5 1M 8M' -c 'read -P 0xa5 1M 8M' -c 'discard 2M 4M' -c 'read -P 0 2M 4M' \
    -c 'read -P 0xa5 1M 1M' -c 'read -P 0xa5 6M 3M' -c 'write -z 1M 1M' -c 'read -P 0 1M 1M' -c flush "$uri" | tee out
  ! grep -qiE 'failed|error' out || fail 'qemu-io was not content'
}

should_let_qemu_io_write_parts_of_pages() {
  serve 64M
  qemu-io -f raw -c 'write -P 1 0 64k' -c 'write -P 2 512 1024' -c 'read -P 1 0 512' -c 'read -P 2 512 1024' \
    -c 'read -P 1 1536 62k' "$uri" | tee out
  ! grep -qiE 'failed|error' out || fail 'qemu-io was not content'
}

# fio_verify OPTION...
fio_verify() {
  fio --name=verify --ioengine=nbd "--uri=$uri" --rw=randwrite --bs=4k --size=64M --verify=crc32c --do_verify=1 \
    --verify_fatal=1 --randseed=2009 --buffer_compress_percentage=50 --refill_buffers --group_reporting "$@" | tee out
  expect_match out 'err= 0'
}

should_pass_verification_by_fio() {
  serve 64M
  fio_verify --iodepth=16
}

should_pass_verification_by_fio_over_mixed_sizes() {
  serve 64M
  fio_verify --iodepth=4 --bsrange=4k-128k --blockalign=4k
}

should_survive_a_client_that_vanishes() {
  serve 64M
  local client
  for _ in 1 2 3; do
    fio --thread --name=load --ioengine=nbd "--uri=$uri" --rw=randrw --bs=64k --size=64M --iodepth=32 --time_based --runtime=60 \
      --output=fio.log &
    client=$!
    sleep 1
    kill -KILL $client
    wait $client || true
  done
  qemu-io -f raw -c 'write -P 7 0 4k' -c 'read -P 7 0 4k' "$uri"
}

should_refuse_a_second_daemon_on_the_same_sockets() {
  serve 64M
  expect_status 7 "$image/bin/ramzswapd" --listen "unix:$socket" --control "$control" --disksize 64M
  expect_match err 'is in use: another server listens there'
  nbdinfo "$uri" >/dev/null
}
