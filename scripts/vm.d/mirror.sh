# Sourced by cache.sh: Debian's packages, from the mirror that this machine's own apt uses. apt runs with a configuration, lists
# and a cache of its own: the machine's stay as they are, nothing is installed.
# shellcheck shell=bash disable=SC2154

packages_keyring=/usr/share/keyrings/debian-archive-keyring.gpg
package_suites=(bookworm bookworm-backports trixie trixie-backports)

mirror=''

# Sets mirror, an address: RAMZSWAP_DEBIAN_MIRROR, or the machine's source of Debian packages. What apt has read of a source tells
# whether it is Debian; of a source whose lists were never fetched only the address can tell.
find_mirror() {
  [[ -z $mirror ]] || return 0
  mirror=${RAMZSWAP_DEBIAN_MIRROR:-}
  if [[ -n $mirror ]]; then
    [[ $mirror =~ ^[a-z+]+:[^[:space:]]+$ ]] || die 2 "RAMZSWAP_DEBIAN_MIRROR is an address such as http://HOST/debian, not '$mirror'"
  else
    mirror=$(apt_sources | awk -F '|' '$1 == "Debian" && $2 == "Debian" && $3 == "main" && !found++ { print $4 }')
    [[ -n $mirror ]] || mirror=$(apt_sources --no-release-info | awk -F '|' '
      $3 == "main" && $5 ~ /^(bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable)$/ &&
        $4 ~ /(^|\/)debian(\.list|\/[0-9]+T[0-9]+Z)?\/?$/ && !found++ { print $4 }')
    [[ -n $mirror ]] || no_machine "apt here has no source of Debian's packages; set RAMZSWAP_DEBIAN_MIRROR to the address of a mirror"
  fi
  mirror=${mirror%/}
}

# ORIGIN|LABEL|COMPONENT|ADDRESS|RELEASE of each source in the machine's own configuration, in either of apt's formats.
apt_sources() {
  # shellcheck disable=SC2016 # for apt to fill in
  apt-get indextargets "$@" --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)|$(RELEASE)' 'Created-By: Packages' 2>/dev/null || true
}

# How the machine's apt reaches its sources: proxies, certificates, whether dates are checked.
apt_ways() {
  apt-config dump |
    sed -E '/^Acquire::/!d; /^Acquire::(IndexTargets|Languages|GzipIndexes|CompressionTypes|Changelogs|cdrom|Retries)(:| )/d'
}

# our_apt COMMAND...: after find_mirror
our_apt() {
  local apt=$vm_cache/apt suite NETRC='' NETRC_PARTS=''
  mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/etc/preferences.d" "$apt/etc/apt.conf.d" || return
  eval "$(apt-config shell NETRC Dir::Etc::netrc/f NETRC_PARTS Dir::Etc::netrcparts/d)"
  {
    apt_ways
    cat <<CONF
Dir::Etc "$apt/etc";
Dir::Etc::SourceParts "/dev/null";
Dir::Etc::netrc "$NETRC";
Dir::Etc::netrcparts "$NETRC_PARTS";
Dir::State "$apt/state";
Dir::State::status "$apt/state/status";
Dir::Cache "$apt/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::GzipIndexes "true";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
APT::Install-Recommends "false";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
  } >"$apt/apt.conf.$BASHPID"
  mv "$apt/apt.conf.$BASHPID" "$apt/apt.conf"
  : >>"$apt/state/status"
  for suite in "${package_suites[@]}"; do
    printf 'deb [signed-by=%s] %s %s main\n' "$packages_keyring" "$mirror" "$suite"
  done >"$apt/etc/sources.list"
  APT_CONFIG=$apt/apt.conf "$@"
}

has_package_lists() {
  compgen -G "$vm_cache/apt/state/lists/*_Packages*" >/dev/null
}

read_package_lists() {
  find_mirror
  say "reading the package lists of $mirror"
  with_lock apt our_apt apt-get update -qq --error-on=any >"$run/apt.log" 2>&1 ||
    no_machine "apt-get update failed: $(grep -m 1 '^E: ' "$run/apt.log")"
  touch "$vm_cache/apt/read"
}

# Unless that was done today: what is newest changes.
refresh_package_lists() {
  find_mirror
  if [[ -z $(find "$vm_cache/apt/read" -mmin -1440 2>/dev/null) ]] || ! has_package_lists; then
    read_package_lists
  fi
}

# from_debian COMMAND...: runs apt; when that fails, or nothing is known yet, with fresh lists.
from_debian() {
  find_mirror
  if has_package_lists && our_apt "$@" >"$run/apt.log" 2>&1; then
    return
  fi
  read_package_lists
  our_apt "$@" >"$run/apt.log" 2>&1 || no_machine "'$*' failed: $(tail -n 1 "$run/apt.log")"
}

# download PACKAGE...: into $run/debs, which holds nothing else then
download() {
  rm -f "$run"/debs/*
  (cd "$run/debs" && from_debian apt-get download "$@")
}

# unpack DEB DIRECTORY: keeps the directory's links from /bin, /lib and so on to /usr.
unpack() {
  dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -C "$2"
}

# unpack_all DIRECTORY: what was downloaded
unpack_all() {
  local deb
  for deb in "$run"/debs/*; do
    unpack "$deb" "$1" || no_machine "cannot unpack ${deb##*/}"
  done
}
