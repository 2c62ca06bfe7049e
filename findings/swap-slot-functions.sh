#!/bin/bash
# The kernel's function that frees swap slots changes what its third argument means from release to release, so a probe that
# names it, or reads its third argument, is right on one kernel and wrong on the next.
#
# Versions: Debian's kernel packages 6.18.15, 7.0.13, 7.1.13 and 7.3.4 (cloud-amd64, ~bpo13+1), read only: nothing is booted.
#
# Expected by a good engineer: mm/swapfile.c's slot-freeing function keeps its signature across a minor release, and a name that
# is still there still takes the same arguments; a struct that only the kernel uses for bookkeeping has a size that hardly moves.
# Seen, in the kernels' own BTF:
#   6.18.15  swap_entries_free(…, swp_entry_t entry, …)                   cluster 32 bytes
#   7.0.13   swap_entries_free(…, long unsigned int offset, …)            cluster 32 bytes: the same name, another meaning
#   7.1.13   __swap_cluster_free_entries(…, unsigned int ci_start, …)     cluster 40 bytes: the place in the cluster, no slot
#   7.3.4    __swap_cluster_free_entries(…, unsigned int ci_start, …)     cluster 48 bytes
# SWAPFILE_CLUSTER, a macro and so in no symbol table, can be read all the same: struct swap_table has an array of that length.
#
# Needs apt (a source of Debian's packages), dpkg-deb, zstd, python3. Exit status 0 when all of that is so, 1 when it is not, 2
# when it cannot be tried.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cannot() {
  echo "cannot be tried: $*" >&2
  exit 2
}
for tool in apt-get dpkg-deb zstd python3; do
  command -v "$tool" >/dev/null || cannot "there is no $tool"
done
# shellcheck disable=SC2016 # for apt to fill in
mirror=$(apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
  awk -F '|' '$1 == "Debian" && $2 == "Debian" && !found++ { print $3 }')
[[ -n $mirror ]] || cannot 'apt here has no source of Debian packages'
mkdir -p "$work"/{lists/partial,archives/partial,debs}
: >"$work/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie-backports main" >"$work/sources.list"
cat >"$work/apt.conf" <<CONF
$(apt-config dump | grep -E '^Acquire::(https?|Check-)' || true)
Dir::Etc::SourceList "$work/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State "$work";
Dir::State::Lists "$work/lists";
Dir::State::status "$work/status";
Dir::Cache "$work";
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Sandbox::User "";
Acquire::Languages "none";
CONF
export APT_CONFIG=$work/apt.conf
apt-get update -qq >"$work/log" 2>&1 || cannot "$(tail -n 1 "$work/log")"

cat >"$work/tell.py" <<'PYTHON'
"""Prints the slot-freeing function, the size of a cluster's structure and the slots of a cluster, from a kernel's BTF."""
import struct, subprocess, sys

image = open(sys.argv[1], "rb").read()
packed = image[image.index(b"\x28\xb5\x2f\xfd"):]  # zstd; what follows the payload is no concern of ours
elf = subprocess.run(["zstd", "-dcq"], input=packed, capture_output=True).stdout
sections_at, = struct.unpack_from("<Q", elf, 40)
size, count, names = struct.unpack_from("<HHH", elf, 58)
sections = [struct.unpack_from("<IIQQQQIIQQ", elf, sections_at + i * size) for i in range(count)]
name_of = lambda section: elf[sections[names][4] + section[0]:].split(b"\0", 1)[0]
found = next(section for section in sections if name_of(section) == b".BTF")
btf = elf[found[4]:found[4] + found[5]]
header, types_at, types_length, strings_at, strings_length = struct.unpack_from("<5I", btf, 4)
strings = btf[header + strings_at:header + strings_at + strings_length]
text = lambda at: strings[at:strings.index(b"\0", at)].decode()
EACH, ONCE = {4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12}, {1: 4, 3: 12, 14: 4, 17: 4}
types, at = [None], header + types_at
while at < header + types_at + types_length:
    name, info, word = struct.unpack_from("<3I", btf, at)
    kind, members = info >> 24 & 31, info & 0xffff
    types.append((name, kind, members, word, at + 12))
    at += 12 + ONCE.get(kind, 0) + members * EACH.get(kind, 0)

def named(wanted, kind):
    return next((each for each in types[1:] if each[1] == kind and text(each[0]) == wanted), None)

for function in ("swap_entries_free", "__swap_cluster_free_entries"):
    if (it := named(function, 12)):
        third, third_type = struct.unpack_from("<2I", btf, types[it[3]][4] + 2 * 8)
        print(f"{function}(..., {text(types[third_type][0])} {text(third)}, ...)", end="; ")
cluster, table = named("swap_cluster_info", 4), named("swap_table", 4)
entries = struct.unpack_from("<3I", btf, types[struct.unpack_from("<3I", btf, table[4])[1]][4])
print(f"cluster {cluster[3]} bytes, {entries[2]} slots")
PYTHON

expected() {
  case $1 in
    6.18.15) echo 'swap_entries_free(..., swp_entry_t entry, ...); cluster 32 bytes, 512 slots' ;;
    7.0.13) echo 'swap_entries_free(..., long unsigned int offset, ...); cluster 32 bytes, 512 slots' ;;
    7.1.13) echo '__swap_cluster_free_entries(..., unsigned int ci_start, ...); cluster 40 bytes, 512 slots' ;;
    7.3.4) echo '__swap_cluster_free_entries(..., unsigned int ci_start, ...); cluster 48 bytes, 512 slots' ;;
  esac
}

status=0
for version in 6.18.15 7.0.13 7.1.13 7.3.4; do
  package=linux-binary-$version+deb13-cloud-amd64
  [[ $version != 6.18.15 ]] || package=linux-image-$version+deb13-cloud-amd64
  rm -rf "$work"/debs/*
  (cd "$work/debs" && apt-get download -q "$package=$version-1~bpo13+1") >"$work/log" 2>&1 || cannot "$(tail -n 1 "$work/log")"
  dpkg-deb --fsys-tarfile "$work"/debs/*.deb | tar -x -C "$work/debs" --wildcards '*vmlinuz*'
  seen=$(python3 "$work/tell.py" "$(find "$work/debs" -name 'vmlinuz*' -type f)")
  echo "$version: $seen"
  [[ $seen == "$(expected "$version")" ]] || { echo "  expected: $(expected "$version")" && status=1; }
done
exit $status
