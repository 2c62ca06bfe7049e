# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"

# Much of either is waiting.
# shellcheck disable=SC2034
at_once=2

# A JDK 25 or newer other than the one in use
newer_jdk() {
  local home
  for home in /usr/lib/jvm/*/; do
    home=$(realpath "$home")
    if [[ -x $home/bin/javac && $home != "$(java_home_of_build)" ]] && (($(java_major "$home/bin/java") >= 25)); then
      printf '%s\n' "$home"
      return
    fi
  done
}

count_tests() {
  find "$1" -path '*/surefire-reports/TEST-*.xml' -exec sed -n 's/^<testsuite .* tests="\([0-9]*\)".*/\1/p' {} + |
    awk '{ sum += $1 } END { print sum + 0 }'
}

should_verify_with_maven() {
  (cd "$project" && our_maven verify)
  (($(count_tests "$project") > 0)) || fail "no test ran"
}

# In a copy, so that nothing compiled by the other JDK is taken for up to date.
should_verify_with_a_jdk_25() {
  local jdk
  jdk=$(newer_jdk)
  if $quick || [[ -z $jdk ]]; then
    return
  fi
  tar -C "$project" --exclude=./target --exclude='*/target' --exclude=./.git -cf - . | tar -xf -
  JAVA_HOME=$jdk our_maven verify
  (($(count_tests .) > 0)) || fail "no test ran"
}
