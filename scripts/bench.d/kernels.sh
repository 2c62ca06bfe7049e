# Sourced by scripts/bench, which sets here, project, out, and the functions that it shares.
# shellcheck shell=bash disable=SC2154

usage() {
  cat <<'TEXT'
Usage: scripts/bench kernels [--corpus FILE] [--quick] [REGEX]

Runs the JMH benchmarks of the module bench, or those that REGEX matches: the scan for same-filled pages, lz4, the allocators
and the store, on real pages, each with the heap bytes that it allocates. Writes target/bench/kernels.json and prints JMH's
table.

  --compiler C1   with the first of the JVM's compilers alone, as the daemon that serves the kernel
  --corpus FILE   take the pages of FILE (see scripts/corpus) in place of new ones
  --quick         short and once: to see that all works
  -h, --help      this text
TEXT
}

given='' regex='' java_options=(-Xms256m -Xmx256m -XX:+UseSerialGC -XX:MaxDirectMemorySize=1g)
lengths=(-f 2 -wi 3 -w 1s -i 5 -r 1s)
while (($# > 0)); do
  case $1 in
    --compiler)
      needs_value "$1" $#
      [[ $2 == C1 ]] || die 2 "$1 takes C1, not '$2'"
      java_options+=(-XX:TieredStopAtLevel=1)
      shift
      ;;
    --quick) lengths=(-f 1 -wi 1 -w 100ms -i 1 -r 100ms) ;;
    -*)
      common_option --corpus "$@"
      shift
      ;;
    *) regex=$1 ;;
  esac
  shift
done

provide_java_and_maven
provide python3:python3
say "building"
(cd "$project" && our_maven -q -Pbench -pl scripts/bench.d/jmh -am test-compile dependency:build-classpath "-Dmdep.outputFile=$out/classpath-bench" \
  -Dmdep.includeScope=runtime -Dmaven.test.skip) >&2
take_corpus 64 "$given"
java=$(java_home_of_build)/bin/java
(($(java_major "$java") < 24)) || java_options+=(--enable-native-access=ALL-UNNAMED)
"$java" -cp "$here/bench.d/jmh/target/classes:$(<"$out/classpath-bench")" org.openjdk.jmh.Main ${regex:+"$regex"} \
  "${lengths[@]}" -prof gc -p corpus="$corpus" -jvmArgs "${java_options[*]}" -rf json -rff "$out/kernels.json"
