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
  make_sockets
  start_daemon --listen "unix:$socket" --control "$control" --disksize "$@"
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    [[ ! -S $socket || ! -S $control ]] || return 0
    kill -0 $daemon 2>/dev/null || fail "the daemon ended"
    sleep 0.1
  done
  fail 'the daemon does not come up'
}

make_sockets() {
  # A Unix socket's path is short; the test's directory may not be.
  sockets=$(mktemp -d /tmp/ramzswap-test.XXXXXX)
  socket=$sockets/nbd control=$sockets/control
  uri="nbd+unix:///?socket=$socket"
}

start_daemon() {
  : >daemon.log # which is looked at before the daemon has begun
  "$image/bin/ramzswapd" "$@" >daemon.log 2>&1 &
  daemon=$!
  trap stop_serving EXIT
}

# serve_tls SIZE OPTION...: on a port of its own that it chooses; sets port and uri.
serve_tls() {
  make_certificates >certificates.log 2>&1
  make_sockets
  start_daemon --listen tcp:0 --control "$control" --tls-certificates certificates --disksize "$@"
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    port=$(sed -n 's/.*serving on tcp:127\.0\.0\.1:\([0-9]*\)$/\1/p' daemon.log)
    uri="nbds://localhost:$port/?tls-certificates=$PWD/certificates"
    [[ -z $port ]] || return 0
    kill -0 $daemon 2>/dev/null || fail "the daemon ended"
    sleep 0.1
  done
  fail 'the daemon does not come up'
}

# signed NAME SUBJECT EXTENSION...: a key and a certificate that the authority vouches for
signed() {
  openssl req -newkey rsa:2048 -nodes -keyout "certificates/$1-key.pem" -subj "/CN=$2" -out "$1.csr"
  printf '%s\n' "${@:3}" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA certificates/ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 2 \
    -extfile "$1.ext" -out "certificates/$1-cert.pem"
}

make_certificates() {
  mkdir certificates
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -subj '/CN=a test' -days 2 -out certificates/ca-cert.pem
  signed server localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1' 'extendedKeyUsage=serverAuth'
  signed client 'a client' 'extendedKeyUsage=clientAuth'
}

stop_serving() {
  local status=0 ended=0
  kill -TERM "$daemon" 2>/dev/null || status=1
  wait "$daemon" || ended=$?
  rm -rf "$sockets"
  cat daemon.log
  if ((status != 0)); then
    echo "the daemon had ended before the test, with status $ended"
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
  for ability in can_cache can_df can_fast_zero can_flush can_fua can_trim can_zero can_multi_conn; do
    expect_match info "\"$ability\": true"
  done
  expect_match info '"is_read_only": false'
  expect_match info '"block_size_minimum": 1,'
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

should_pass_verification_by_four_fio_jobs() {
  serve 64M
  fio_verify --size=16M --numjobs=4 --offset_increment=16M --iodepth=8
}

should_pass_verification_by_fio_in_parts_of_pages() {
  serve 16M
  fio_verify --size=16M --bs=512 --io_size=4M --iodepth=8
}

# Control, garbage collection by it, and whoever would stop all threads from outside.
should_go_on_while_it_is_asked_and_prodded() {
  serve 64M
  python3 - "$control" >asked <<'ASK' &
import json, socket, sys, time
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
lines = client.makefile("rw")
for i in range(600):
    operation = "process" if i % 10 == 0 else "stats"
    print(json.dumps({"v": 1, "operation": operation, "device": "rz0"}), file=lines, flush=True)
    assert "error" not in json.loads(lines.readline())
    time.sleep(0.01)
print("600 answers")
ASK
  local asker=$!
  fio_verify --iodepth=16 --size=64M --loops=2
  expect_status 1 "$(java_home_of_build)/bin/jcmd" $daemon GC.heap_dump "$PWD/dump"
  expect_status 1 "$(java_home_of_build)/bin/jcmd" $daemon GC.run
  fio_verify --iodepth=16
  wait $asker
  expect_match asked '^600 answers$'
}

should_copy_both_ways_over_several_connections() {
  serve 32M
  nbdcopy --connections=4 --requests=16 "$tools/corpus" "$uri"
  nbdcopy --connections=4 --requests=16 "$uri" copy
  cmp "$tools/corpus" copy
}

should_copy_in_requests_of_64_mib() {
  serve 256M
  nbdinfo --json "$uri" >info
  expect_match info '"block_size_maximum": 67108864'
  head -c 192M /dev/urandom >long
  nbdcopy --request-size=33554432 --sparse=0 long "$uri"
  nbdcopy --request-size=33554432 "$uri" copy
  cmp -n $((192 << 20)) long copy
}

# libnbd's own limit is 64 MiB, too, so nothing longer can be sent with it.
should_take_and_give_64_mib_in_one_request() {
  serve 256M
  # It is Debian's Python that has the binding.
  PATH=/usr/bin:$PATH timeout 120 nbdsh -u "$uri" -c 'import os; data = os.urandom(64 << 20)' \
    -c 'h.pwrite(data, 12345)' -c 'print(h.pread(64 << 20, 12345) == data)' | tee out
  PATH=/usr/bin:$PATH timeout 120 nbdsh -c 'h.set_request_structured_replies(False)' -c "h.connect_uri('$uri')" \
    -c 'import os; data = os.urandom(64 << 20)' -c 'h.pwrite(data, 4096)' \
    -c 'print(h.pread(64 << 20, 4096) == data, h.get_structured_replies_negotiated())' | tee -a out
  expect_line out True
  expect_line out 'True False'
  statistics | tee stats
  stat_is FailedWrites 0
  stat_is InvalidIO 0
}

should_take_over_tls_what_it_gives_back() {
  serve_tls 32M --tls=require
  nbdinfo --json "$uri" >info
  expect_match info '"TLS": true'
  nbdcopy --connections=4 "$tools/corpus" "$uri"
  nbdcopy --connections=4 "$uri" copy
  cmp "$tools/corpus" copy
}

should_tell_nothing_without_tls_where_it_is_required() {
  serve_tls 1M --tls=require
  expect_status 1 nbdinfo "nbd://localhost:$port"
  expect_match err 'replied with error to opt_go request'
}

should_serve_with_and_without_tls_where_it_may() {
  serve_tls 1M --tls=on
  nbdinfo --json "$uri" | tee info
  expect_match info '"TLS": true'
  nbdinfo --json "nbd://localhost:$port" | tee info
  expect_match info '"TLS": false'
}

should_serve_only_clients_with_a_certificate_of_its_authority() {
  serve_tls 1M --tls=require --tls-verify-peer
  nbdinfo --size "$uri"
  mkdir stranger
  cp certificates/ca-cert.pem stranger
  expect_status 1 nbdinfo --size "nbds://localhost:$port/?tls-certificates=$PWD/stranger"
}

should_show_a_renewed_certificate_without_a_restart() {
  serve_tls 32M --tls=require --tls-verify-peer
  nbdcopy "$tools/corpus" "$uri"
  # Another authority, which clients of the old one do not know.
  openssl req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -subj '/CN=another' -days 2 -out new-ca.pem 2>>certificates.log
  mv new-ca.pem certificates/ca-cert.pem
  {
    signed server localhost 'subjectAltName=DNS:localhost,IP:127.0.0.1' 'extendedKeyUsage=serverAuth'
    signed client 'a client' 'extendedKeyUsage=clientAuth'
  } 2>>certificates.log
  nbdcopy "$uri" copy
  cmp "$tools/corpus" copy
  expect_match daemon.log 'new TLS clients are shown the certificate of CN=localhost'
}

should_keep_its_certificate_when_the_new_one_is_of_no_use() {
  serve_tls 1M --tls=require
  nbdinfo --size "$uri"
  cp certificates/server-key.pem old-key.pem
  openssl genrsa -out certificates/server-key.pem 2048 2>>certificates.log
  kill -HUP "$daemon"
  await 'grep -q "SIGHUP: not reloaded" daemon.log'
  nbdinfo --size "$uri"
  expect_match daemon.log 'server-key.pem is not the key of the first certificate in'
  [[ $(grep -c 'is not the key' daemon.log) == 1 ]] || fail 'it says so more than once'
  expect_status 2 "$image/bin/ramzswapd" --reload --control "$control"
  mv old-key.pem certificates/server-key.pem
  expect_status 0 "$image/bin/ramzswapd" --reload --control "$control"
  expect_match out 'new TLS clients are shown the certificate of CN=localhost'
}

should_serve_qemu_over_tls() {
  serve_tls 32M --tls=require
  local credentials=tls-creds-x509,id=tls0,endpoint=client,dir=$PWD/certificates
  local image=driver=nbd,host=localhost,port=$port,tls-creds=tls0
  qemu-img convert -n --object "$credentials" -f raw --target-image-opts "$tools/corpus" "$image"
  qemu-img compare --object "$credentials" --image-opts "driver=raw,file.filename=$tools/corpus" "$image"
  qemu-io --object "$credentials" --image-opts -c 'write -P 3 100 1000' -c 'read -P 3 100 1000' "$image" | tee out
  ! grep -qiE 'failed|error' out || fail 'qemu-io was not content'
}

should_be_started_by_its_client_with_a_socket() {
  nbdinfo --json -- [ "$image/bin/ramzswapd" --listen systemd: --disksize 1M ] | tee info
  expect_match info '"export-size": 1048576'
}

should_be_started_by_its_client_on_standard_streams() {
  # It is Debian's Python that has the binding.
  PATH=/usr/bin:$PATH timeout 60 nbdsh -c "h.connect_command(['$image/bin/ramzswapd', '--stdio', '--disksize', '1M'])" \
    -c 'h.pwrite(b"abc", 8191)' -c 'print(h.pread(5, 8190))' | tee out
  expect_line out "bytearray(b'\\x00abc\\x00')"
}

should_give_the_socket_to_others() {
  serve 1M --socket-mode 0660
  [[ $(stat -c %a "$socket") == 660 ]] || fail "the mode is $(stat -c %a "$socket")"
}

should_refuse_to_change_what_is_for_readers() {
  serve 1M --read-only
  nbdinfo --is readonly "$uri"
  expect_status 1 qemu-io -f raw -c 'write 0 4k' "$uri"
  expect_match err 'read-only|Permission denied|not permitted'
}

should_keep_several_devices_apart() {
  serve 1M --devices 2
  local first="nbd+unix:///rz0?socket=$socket" second="nbd+unix:///rz1?socket=$socket"
  qemu-io -f raw -c 'write -P 1 0 4k' "$first"
  qemu-io -f raw -c 'write -P 2 0 4k' "$second"
  qemu-io -f raw -c 'read -P 1 0 4k' -c 'read -P 0 4k 4k' "$first" | tee out
  qemu-io -f raw -c 'read -P 2 0 4k' "$second" | tee -a out
  ! grep -qi 'failed' out || fail 'they hold the same'
}

# through FILTER [PARAMETER...] -- COMMAND: a proxy between us and COMMAND, which finds it at $uri
through() {
  local filters=() parameters=()
  while [[ $1 != -- ]]; do
    case $1 in
      *=*) parameters+=("$1") ;;
      *) filters+=("--filter=$1") ;;
    esac
    shift
  done
  # shellcheck disable=SC2016 # nbdkit sets it
  nbdkit -U - "${filters[@]}" nbd "socket=$socket" "${parameters[@]}" --run "uri=\$uri; export uri; $2"
}

should_serve_a_proxy() {
  serve 32M
  through nofilter -- "nbdcopy '$tools/corpus' \"\$uri\" && nbdcopy \"\$uri\" copy"
  cmp "$tools/corpus" copy
}

should_serve_a_proxy_that_cuts_and_widens_requests() {
  serve 32M
  through blocksize minblock=64k maxdata=128k maxlen=1M -- \
    "fio --name=v --ioengine=nbd --uri=\"\$uri\" --rw=randwrite --bs=512 --size=8M --io_size=1M --verify=crc32c" | tee out
  expect_match out 'err= 0'
}

should_serve_a_proxy_that_fails_and_dawdles() {
  serve 32M
  # shellcheck disable=SC2016 # nbdkit sets it
  expect_status 1 through error error=EIO error-pwrite-rate=100% -- 'qemu-io -f raw -c "write -P 9 4k 4k" "$uri"'
  # What the proxy refused has not reached us.
  qemu-io -f raw -c 'read -P 0 4k 4k' -c 'write -P 9 4k 4k' -c 'read -P 9 4k 4k' "$uri"
  through delay rdelay=3ms wdelay=3ms -- "fio --name=v --ioengine=nbd --uri=\"\$uri\" --rw=randwrite --bs=4k --size=4M --iodepth=32 --verify=crc32c" | tee out
  expect_match out 'err= 0'
}

# poll_statistics TIMES: on one connection, a hundred times a second at most
poll_statistics() {
  python3 - "$control" "$1" <<'PYTHON'
import json, socket, sys, time
control = socket.socket(socket.AF_UNIX)
control.connect(sys.argv[1])
answers = control.makefile()
for _ in range(int(sys.argv[2])):
    control.sendall(b'{"v":1,"operation":"stats","device":"rz0"}\n')
    assert "statistics" in json.loads(answers.readline())
    time.sleep(0.01)
PYTHON
}

should_serve_while_it_is_asked_for_statistics_and_stopped_by_signals() {
  serve 64M
  fio --name=busy --ioengine=nbd "--uri=$uri" --rw=randrw --bs=4k --iodepth=16 --size=64M --io_size=256M --verify=crc32c \
    --output=fio.out &
  local load=$! i
  poll_statistics 300 &
  local polls=$!
  for ((i = 0; i < 20; i++)); do
    kill -QUIT "$daemon" # all its threads stop, and the JVM prints where they are
    sleep 0.1
  done
  wait $polls || fail 'the statistics were refused'
  wait $load || fail "fio: $(cat fio.out)"
  (($(grep -c '^Full thread dump' daemon.log) > 0)) || fail 'no thread dump was made'
  statistics | tee stats
  stat_is FailedReads 0
  stat_is FailedWrites 0
}

should_let_nobody_in_who_would_dump_its_heap() {
  serve 1M
  expect_status 1 "$(java_home_of_build)/bin/jcmd" "$daemon" GC.heap_dump "$PWD/heap"
  [[ ! -e heap ]] || fail 'there is a dump'
  statistics
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
