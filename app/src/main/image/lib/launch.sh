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

more_options='' more_libraries=''

# launch MAIN_CLASS OPTIONS_FILE ARGUMENT...: more_options are further such files, the one that counts most first, and
# more_libraries a directory in lib; RAMZSWAP_JAVA_OPTIONS has options of java's that come after the files'.
launch() {
  main_class=$1
  options=$home/conf/$2
  shift 2
  speak_english
  find_java
  version=$(java_major_version)
  [ "${version:-0}" -ge 17 ] || give_up "$java is Java ${version:-of unknown version}; 17 or newer is needed"
  # shellcheck disable=SC2086 # they are several words
  set -- ${RAMZSWAP_JAVA_OPTIONS:-} -cp "$home/lib/*${more_libraries:+:$home/lib/$more_libraries/*}" "$main_class" "$@"
  for file in $more_options; do
    set -- "@$home/conf/$file" "$@"
  done
  exec "$java" "@$options" "$@"
}
