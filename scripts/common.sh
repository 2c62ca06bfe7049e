# Sourced by the scripts beside it: what they all need, and nothing else.
# shellcheck shell=bash

project=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
target=$project/target
export PATH=$PATH:/usr/sbin:/sbin

say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die STATUS MESSAGE
die() {
  say "${@:2}"
  exit "$1"
}

unknown_option() {
  die 2 "unknown option $1; see ${0##*/} --help"
}

# needs_value OPTION COUNT_OF_ARGUMENTS_LEFT
needs_value() {
  (($2 > 1)) || die 2 "$1 needs a value; see ${0##*/} --help"
}

# whole_number OPTION VALUE: fails unless VALUE is a whole number above zero.
whole_number() {
  [[ $2 =~ ^[1-9][0-9]{0,8}$ ]] || die 2 "$1 takes a whole number above 0, not '$2'"
}

have() {
  command -v "$1" >/dev/null
}

# absent_packages COMMAND:PACKAGE...: the packages of those commands that this machine lacks, one a line. A name that
# starts with a slash is a file.
absent_packages() {
  local pair
  for pair; do
    case $pair in
      /*) [[ -e ${pair%%:*} ]] ;;
      *) have "${pair%%:*}" ;;
    esac || printf '%s\n' "${pair#*:}"
  done | sort -u
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    die 1 "'$*' has to run as root and there is no sudo: run it yourself, then start ${0##*/} again"
  fi
}

# install_packages PACKAGE...: with apt, on Debian and Ubuntu; elsewhere says what is wanted.
install_packages() {
  (($# > 0)) || return 0
  have apt-get || die 1 "this machine lacks $* (Debian's names); install them, then start ${0##*/} again"
  say "installing $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# provide COMMAND:PACKAGE...: installs what is missing.
provide() {
  local missing
  mapfile -t missing < <(absent_packages "$@")
  install_packages "${missing[@]}"
}

java_major() {
  "$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'
}

# The JDK that Maven runs on: JAVA_HOME, else the one the PATH's javac belongs to.
java_home_of_build() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    printf '%s\n' "$JAVA_HOME"
  else
    dirname -- "$(dirname -- "$(readlink -f -- "$(command -v javac)")")"
  fi
}

has_jdk() {
  have javac || [[ -x ${JAVA_HOME:-}/bin/javac ]] || return 1
  (($(java_major "$(java_home_of_build)/bin/java") >= 17))
}

# Debian 12 has a JDK 17, Debian 13 a 21.
provide_java_and_maven() {
  if ! has_jdk; then
    local jdk
    for jdk in openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless; do
      [[ -z $(apt-cache policy "$jdk" 2>/dev/null | grep 'Candidate: [0-9]') ]] || break
    done
    install_packages "$jdk"
    has_jdk || die 1 "the javac of the PATH is older than 17; set JAVA_HOME to a JDK 17 or newer"
  fi
  # Encrypts backing swaps. On Debian 13 libssl3t64 stands in under this name.
  provide mvn:maven "/usr/lib/$(uname -m)-linux-gnu/libcrypto.so.3:libssl3"
}

# Silent but for warnings and errors; with --quiet, javac's warnings would be missing when they are what fails the build.
our_maven() {
  mvn -B -Dstyle.color=never -Dorg.slf4j.simpleLogger.defaultLogLevel=warn "$@"
}

# The runnable image, which scripts/build makes.
image=$project/app/target/ramzswap

# Built by whom the tree belongs to, so that it stays theirs.
build() {
  if ((EUID == 0)) && [[ -n ${SUDO_USER:-} && $(stat -c %U "$project") == "$SUDO_USER" ]]; then
    provide_java_and_maven
    sudo -u "$SUDO_USER" -H ${JAVA_HOME:+"JAVA_HOME=$JAVA_HOME"} "$here/build"
  else
    "$here/build"
  fi
}

# As Debian writes it: what comes before a release sorts before it.
project_version() {
  "$image/bin/ramzswapd" --version | sed 's/^ramzswap //; s/-/~/g'
}

# make_documents DIRECTORY: the manual, the shells' completions and the news, as they lie below /usr/share.
make_documents() {
  rm -rf "$1"
  "$image/runtime/bin/java" -cp "$image/lib/*" io.ramzswap.cli.Manual "$project/app/src/main/man" "$1"
  find "$1/man" -type f -exec gzip -9n {} +
  mkdir -p "$1/doc/ramzswap"
  gzip -9nc "$project/CHANGELOG.md" >"$1/doc/ramzswap/NEWS.md.gz"
}

# Where scripts/install puts things.
prefix=/usr/local
