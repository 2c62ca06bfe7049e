# Sourced by the programs in bin, which set home to the directory above this one.
# shellcheck shell=sh disable=SC2154

give_up() {
  echo "$(basename "$0"): $1" >&2
  exit 1
}

# The bundled runtime, else JAVA_HOME, else the PATH.
find_java() {
  if [ -x "$home/runtime/bin/java" ]; then
    java=$home/runtime/bin/java
  elif [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    [ -x "$java" ] || give_up "JAVA_HOME is $JAVA_HOME, which has no bin/java; set it to a Java 17 or newer, or unset it"
  else
    java=$(command -v java) || give_up "no Java found; install one, 17 or newer (apt install openjdk-17-jre-headless)"
  fi
}

# A runtime tells its version in its release file, which is quicker than asking it.
java_major_version() {
  release=$(dirname "$(dirname "$(readlink -f "$java")")")/release
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$release" 2>/dev/null)
  [ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  version=${version#1.}
  echo "${version%%[!0-9]*}"
}

# What the C library says of an error is told from others by its words, and stands within sentences of ours. LC_ALL would count
# for it; names of files are in LC_CTYPE's character set.
speak_english() {
  if [ -n "${LC_ALL:-}" ]; then
    export LC_CTYPE="$LC_ALL"
    unset LC_ALL
  fi
  export LC_MESSAGES=C
}

# What others' programs, or a user's shell, have told every Java, C library or loader is not meant for these. The daemon's memory
# is locked and measured: options of another heap, another allocator or a library that is loaded into every program change what
# it promises, or keep it from starting. RAMZSWAP_JAVA_OPTIONS is what counts. RAMZSWAP_REEXEC is the daemon's own mark.
forget_what_was_meant_for_others() {
  unset _JAVA_OPTIONS JDK_JAVA_OPTIONS JAVA_TOOL_OPTIONS JAVA_OPTIONS JAVA_OPTS CLASSPATH _JAVA_LAUNCHER_DEBUG _JAVA_SR_SIGNUM \
    _JAVA_VERSION_SET NLSPATH RAMZSWAP_REEXEC
  unset MALLOC_CHECK_ MALLOC_PERTURB_ MALLOC_TOP_PAD_ MALLOC_MMAP_MAX_ MALLOC_MMAP_THRESHOLD_ MALLOC_TRIM_THRESHOLD_ \
    MALLOC_ARENA_MAX MALLOC_ARENA_TEST MALLOC_TRACE MALLOC_CONF GLIBC_TUNABLES
  unset LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT LD_DEBUG LD_DEBUG_OUTPUT LD_PROFILE LD_PROFILE_OUTPUT LD_BIND_NOT LD_BIND_NOW \
    LD_DYNAMIC_WEAK LD_HWCAP_MASK LD_ORIGIN_PATH LD_SHOW_AUXV LD_TRACE_LOADED_OBJECTS LD_USE_LOAD_BIAS LD_VERBOSE LD_WARN \
    LD_PREFER_MAP_32BIT_EXEC
}

# Java does not start in a directory that has been deleted.
require_working_directory() {
  directory=$(readlink /proc/self/cwd)
  case $directory in
    *' (deleted)')
      [ -d "$directory" ] || give_up 'the working directory has been deleted; change to one that exists, as with: cd /'
      ;;
  esac
}

more_options='' more_libraries=''

# launch MAIN_CLASS OPTIONS_FILE ARGUMENT...: more_options are further such files, the one that counts most first, and
# more_libraries a directory in lib; RAMZSWAP_JAVA_OPTIONS has options of java's that come after the files'.
launch() {
  main_class=$1
  options=$home/conf/$2
  shift 2
  require_working_directory
  speak_english
  find_java
  version=$(java_major_version)
  [ "${version:-0}" -ge 17 ] || give_up "$java is Java ${version:-of unknown version}; 17 or newer is needed"
  # shellcheck disable=SC2086 # they are several words
  set -- ${RAMZSWAP_JAVA_OPTIONS:-} -cp "$home/lib/*${more_libraries:+:$home/lib/$more_libraries/*}" "$main_class" "$@"
  # Where compressors and system calls have their native code; nothing is unpacked.
  set -- "-Dramzswap.libraries=$home/lib/native" "-Djava.library.path=$home/lib/native" "$@"
  for file in $more_options; do
    set -- "@$home/conf/$file" "$@"
  done
  exec "$java" "@$options" "$@"
}
