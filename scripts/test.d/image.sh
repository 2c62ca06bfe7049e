# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

image=$project/app/target/ramzswap

can_be_set_up() {
  "$here/build"
  [[ -x $image/bin/ramzswapd && -x $image/bin/rzscontrol && -x $image/runtime/bin/java ]]
}

should_not_be_built_again_when_nothing_has_changed() {
  "$here/build" 2>err
  expect_match err 'is up to date'
}

should_start_both_programs_on_the_bundled_runtime() {
  local program
  for program in ramzswapd rzscontrol; do
    JAVA_HOME=/nowhere expect_status 0 "$image/bin/$program" --help
    expect_match out "Usage: $program"
  done
}

should_bundle_every_module_that_our_own_code_uses() {
  "$(java_home_of_build)/bin/jdeps" -summary --multi-release 17 --class-path "$image/lib/*:$image/lib/rzscontrol/*" \
    "$image"/lib/{app,allocator,nbd-protocol}-*.jar | sed -nE 's/.* -> (java\.[a-z.]+|jdk\.[a-z.]+)$/\1/p' | sort -u >used
  "$image/runtime/bin/java" --list-modules | sed 's/@.*//' | sort >bundled
  [[ -s used && -z $(comm -23 used bundled) ]] || fail "not in the runtime: $(comm -23 used bundled | xargs)"
}

should_keep_what_rzscontrol_alone_uses_from_the_daemon() {
  local name
  for name in jline prometheus; do
    [[ -z $(find "$image/lib" -maxdepth 1 -name "$name*") ]] || fail "$name is in the daemon's class path"
    [[ -n $(find "$image/lib/rzscontrol" -name "$name*") ]] || fail "$name is not in rzscontrol's"
  done
}

should_start_through_links_and_from_a_path_with_spaces() {
  mkdir -p 'a place/of its own' links
  cp -a "$image" 'a place/of its own/ramzswap'
  ln -s '../a place/of its own/ramzswap/bin/ramzswapd' links/relative
  ln -s "$PWD/links/relative" links/absolute
  expect_status 0 links/absolute --help
  expect_match out 'Usage: ramzswapd'
}

copy_without_runtime() {
  mkdir bare
  cp -a "$image/bin" "$image/lib" "$image/conf" bare
}

should_use_java_home_then_the_path() {
  local java_home
  java_home=$(java_home_of_build)
  copy_without_runtime
  JAVA_HOME=$java_home PATH=/usr/bin:/bin expect_status 0 bare/bin/rzscontrol --help
  (
    unset JAVA_HOME
    PATH=$java_home/bin:$PATH expect_status 0 bare/bin/rzscontrol --help
  )
}

# started_with COMPILER_LEVEL HEAP_BYTES ARGUMENT...
started_with() {
  RAMZSWAP_JAVA_OPTIONS=-XX:+PrintFlagsFinal expect_status 0 "$image/bin/ramzswapd" "${@:3}" --version
  expect_match out " TieredStopAtLevel += $1 "
  expect_match out " MaxHeapSize += $2 "
}

should_start_with_the_second_compiler_only_to_speak_tls() {
  local argument
  started_with 1 $((6 << 20))
  for argument in --stdio -s --listen=unix:s; do
    started_with 1 $((24 << 20)) "$argument"
    started_with 4 $((24 << 20)) "$argument" --tls=require
    started_with 4 $((24 << 20)) --tls-certificates=c "$argument"
  done
}

# In whatever language the C library tells of a pipe whose reader has ended; here that may be English alone.
should_be_cut_short_by_its_reader_in_any_language() {
  {
    sleep 1
    LC_ALL=C.UTF-8 LANGUAGE=fr:es:ru "$image/bin/rzscontrol" --help 2>err || echo $? >status
  } | true
  [[ ! -e status && ! -s err ]] || fail "status $(cat status): $(cat err)"
}

should_find_files_by_names_of_any_language() {
  LC_ALL=C.UTF-8 expect_status 3 "$image/bin/rzscontrol" list --control "$PWD/Gerät"
  expect_match err "no daemon at .*/Gerät: "
}

should_take_java_options_of_ones_own() {
  RAMZSWAP_JAVA_OPTIONS='-Xlog:gc -XX:TieredStopAtLevel=0 -XX:+PrintFlagsFinal' expect_status 0 "$image/bin/ramzswapd" --version
  expect_match out ' TieredStopAtLevel += 0 '
  expect_match out 'MaxHeapSize += 6291456 '
}

should_say_what_to_do_when_there_is_no_java() {
  copy_without_runtime
  mkdir tools
  ln -s /bin/sh /usr/bin/{dirname,basename,readlink,sed} tools
  expect_status 1 env PATH="$PWD/tools" JAVA_HOME= bare/bin/ramzswapd
  expect_one_line err
  expect_line err 'ramzswapd: no Java found; install one, 17 or newer (apt install openjdk-17-jre-headless)'
}

should_say_so_when_java_home_is_wrong() {
  copy_without_runtime
  JAVA_HOME=/nowhere expect_status 1 bare/bin/ramzswapd
  expect_line err \
    'ramzswapd: JAVA_HOME is /nowhere, which has no bin/java; set it to a Java 17 or newer, or unset it'
}

# old_java VERSION: a java that only tells its version, in the file "java-home/bin/java"
old_java() {
  mkdir -p java-home/bin
  printf '#!/bin/sh\necho '"'"'openjdk version "%s" 2018-04-17'"'"' >&2\n' "$1" >java-home/bin/java
  chmod +x java-home/bin/java
}

should_refuse_a_java_that_is_too_old() {
  local version
  copy_without_runtime
  for version in 1.8.0_392 11.0.21; do
    old_java "$version"
    JAVA_HOME=$PWD/java-home expect_status 1 bare/bin/ramzswapd
    expect_one_line err
    expect_match err '^ramzswapd: .*/java-home/bin/java is Java (8|11); 17 or newer is needed$'
  done
}

# start_daemon ARGUMENT...: one that serves a socket in this test's directory; sets daemon. It ends with the test.
start_daemon() {
  "$image/bin/ramzswapd" --listen unix:s --disksize 1M "$@" >log 2>&1 &
  daemon=$!
  trap 'kill "$daemon"' EXIT
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    ! grep -q 'serving on' log || return 0
    kill -0 "$daemon" 2>/dev/null || break
    sleep 0.1
  done
  cat log
  fail 'the daemon does not come up'
}

should_start_as_if_variables_of_others_were_not_set() {
  local -x _JAVA_OPTIONS=-Xmx900m JDK_JAVA_OPTIONS=-Xnonsense JAVA_TOOL_OPTIONS=-Xms800m CLASSPATH=/nowhere
  local -x MALLOC_ARENA_MAX=8 MALLOC_PERTURB_=7 GLIBC_TUNABLES=glibc.malloc.tcache_count=0 LD_LIBRARY_PATH=/nowhere LD_BIND_NOW=1
  local -x RAMZSWAP_REEXEC=1
  start_daemon
  tr '\0' '\n' <"/proc/$daemon/environ" >environment
  expect_line environment MALLOC_ARENA_MAX=1
  ! grep -E '^(_JAVA_OPTIONS|JDK_JAVA_OPTIONS|JAVA_TOOL_OPTIONS|CLASSPATH|MALLOC_PERTURB_|GLIBC_TUNABLES|LD_.*)=' environment ||
    fail 'they reach the daemon'
  expect_match log '^ramzswapd: '
  ! grep -v '^ramzswapd: ' log || fail 'Java talks about them'
  (($(awk '/^VmRSS:/ {print $2}' "/proc/$daemon/status") < 400000)) || fail 'it takes as much as they say'
  expect_status 0 "$image/bin/rzscontrol" --version
  [[ ! -s err ]] || fail 'Java talks about them'
}

should_say_so_when_its_directory_is_gone() {
  local program
  for program in ramzswapd rzscontrol; do
    mkdir gone
    # shellcheck disable=SC2016 # for the other shell
    expect_status 1 sh -c 'cd gone && rmdir ../gone && exec "$1" --version' _ "$image/bin/$program"
    (($(wc -l <err) <= 2)) || fail 'more than a line, after one that the shell may have about it'
    expect_line err "$program: the working directory has been deleted; change to one that exists, as with: cd /"
  done
}

should_unpack_nothing_at_run_time() {
  local -x RAMZSWAP_JAVA_OPTIONS=-Djava.io.tmpdir=/nonexistent
  start_daemon --compressor zstd --control "$PWD/c"
  local name
  for name in jffi lz4 zstd; do
    grep -q "$image/lib/native/lib$name" "/proc/$daemon/maps" || fail "it has no $name of the image's own"
  done
  expect_status 0 "$image/bin/rzscontrol" rz0 --stats --control "$PWD/c"
  expect_status 0 "$image/bin/rzscontrol" analyze --pid $$ --sample 10
}

should_name_a_library_that_is_missing() {
  cp -a "$image" copy
  local name
  for name in jffi-1.2 lz4-java; do
    mv "copy/lib/native/lib$name.so" .
    expect_status 15 copy/bin/ramzswapd --listen unix:s --disksize 1M
    expect_one_line err
    expect_match err "^ramzswapd: a library of this program could not be loaded: .*/lib/native/lib$name\.so.*; install ramzswap again"
    mv "lib$name.so" copy/lib/native/
  done
  rm copy/lib/native/libzstd*
  expect_status 15 copy/bin/ramzswapd --listen unix:s --disksize 1M --compressor zstd
  expect_match err '^ramzswapd: rz0 was not initialised: a library of this program could not be loaded: .*/libzstd-jni.*\.so'
  expect_status 15 copy/bin/rzscontrol analyze --pid $$ --sample 10
  expect_one_line err
}
