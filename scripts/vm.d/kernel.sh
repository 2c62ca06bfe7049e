# Sourced by cache.sh: a kernel of Debian's, downloaded and made ready to boot once, kept under target/vm.
# shellcheck shell=bash disable=SC2154

# The newest kernel that everything is tested on, one of Debian 13's backports. Tests take this one, so that they test the same
# next week; tell_of_newer_kernel says when there is a newer one. `TestedKernels` of doctor knows the version, too.
readonly pinned_kernel=7.3.4+deb13-cloud-amd64

# Packages that depend on the newest kernel of a release of Debian.
readonly newest_package=linux-image-cloud-amd64/trixie-backports
declare -A kernel_packages=([6.1]=linux-image-cloud-amd64/bookworm [6.12]=linux-image-cloud-amd64/trixie)

# prepare_kernel WHICH
prepare_kernel() {
  local which=$1 recipe name
  mkdir -p "$vm_cache"
  if [[ -f $which ]]; then
    name=$(sha256sum -- "$which" | cut -c 1-12)
  else
    case $which in
      newest) which=$(newest_kernel) ;;
      pinned) which=linux-image-$pinned_kernel ;;
      [1-9].* | [1-9][0-9].*) [[ -n ${kernel_packages[$which]:-} ]] || which=$(newest_kernel_of "$which") ;;
    esac
    name=${which//[^A-Za-z0-9.+-]/_}
  fi
  recipe=$(cat "$here/vm.d/kernel.sh" "$here/vm.d/initramfs-init" | sha256sum | cut -c 1-12)
  kernel_dir=$vm_cache/kernel-$name-$recipe
  [[ -e $kernel_dir ]] || with_lock kernel make_kernel "$which" "$name"
}

# The package of the newest kernel in the backports.
newest_kernel() {
  local newest
  refresh_package_lists
  newest=$(our_apt apt-cache show "$newest_package" | kernel_in_depends)
  [[ -n $newest ]] || no_machine "$newest_package names no kernel"
  printf '%s\n' "$newest"
}

# newest_kernel_of VERSION: the package of the newest one, such as 7.2, that Debian 13 or its backports have had.
newest_kernel_of() {
  local newest
  refresh_package_lists
  newest=$(our_apt apt-cache pkgnames "linux-image-$1." | grep -E '^linux-image-[0-9.]+\+deb13-cloud-amd64$' | sort -V | tail -n 1) || true
  [[ -n $newest ]] || no_machine "there is no kernel $1 in Debian 13 and its backports"
  printf '%s\n' "$newest"
}

# Says so when the backports have a kernel that nothing was tested on yet; silent without a network.
tell_of_newer_kernel() {
  local newest
  newest=$(newest_kernel 2>/dev/null) || return 0
  [[ $newest == "linux-image-$pinned_kernel" ]] ||
    say "the backports have ${newest#linux-image-} now; the tests run on $pinned_kernel (pinned_kernel in scripts/vm.d/kernel.sh)"
}

# Of what `apt-cache show` or `dpkg-deb -f` prints on standard input: the first package with a kernel that is named.
kernel_in_depends() {
  sed -nE 's/.*\b(linux-image-[0-9][^ ,]*).*/\1/p' | head -n 1
}

make_kernel() {
  [[ ! -e $kernel_dir ]] || return 0
  say "preparing kernel $1"
  local tree=$run/kernel new=$run/kernel-ready version
  mkdir -p "$tree" "$new" "$run/debs"
  fetch_kernel "$1" "$tree"
  version=$(kernel_version "$tree")
  mkdir -p "$tree/modules/lib/modules"
  if [[ -d $tree/usr/lib/modules/$version ]]; then
    mv "$tree/usr/lib/modules/$version" "$tree/modules/lib/modules/"
  else
    mv "$tree/lib/modules/$version" "$tree/modules/lib/modules/"
  fi
  if [[ -e $tree/boot/vmlinuz-$version ]]; then
    mv "$tree/boot/vmlinuz-$version" "$new/vmlinuz"
  else
    mv "$tree/modules/lib/modules/$version/vmlinuz" "$new/"
  fi
  depmod -b "$tree/modules" "$version"
  make_boot_initramfs "$tree" "$version" >"$new/initramfs"
  make_disk "$tree/modules/lib/modules" "$new/modules.ext4" "$run/mke2fs.log" 0 ||
    no_machine "mke2fs failed: $(tail -n 1 "$run/mke2fs.log")"
  rm -rf "$vm_cache/kernel-$2"-????????????
  mv "$new" "$kernel_dir"
  rm -rf "$tree" "$run/debs"
}

# fetch_kernel WHICH TREE: unpacks the packages that the kernel consists of into TREE.
fetch_kernel() {
  local which=$1 tree=$2 parts
  if [[ -f $which ]]; then
    [[ $(dpkg-deb -f "$which" Architecture 2>/dev/null) == amd64 ]] || no_machine "$which is no package for amd64"
    cp -- "$which" "$run/debs/"
  else
    download "${kernel_packages[$which]:-$which}"
  fi
  unpack_all "$tree"
  if [[ -z $(kernel_version "$tree") ]]; then
    # A package with nothing in it but the names of others
    which=$(dpkg-deb -f "$run"/debs/*.deb Depends | kernel_in_depends)
    which=${which:-$(dpkg-deb -f "$run"/debs/*.deb Package)}
    parts=$(parts_of_kernel "$which")
    # shellcheck disable=SC2086 # one word each
    download $parts
    unpack_all "$tree"
  fi
  [[ -n $(kernel_version "$tree") ]] || no_machine "$1 has no kernel in it"
  compgen -G "$tree/lib/modules/*/kernel" >/dev/null || compgen -G "$tree/usr/lib/modules/*/kernel" >/dev/null ||
    no_machine "$1 has a kernel in it, but no modules"
}

# parts_of_kernel PACKAGE: up to 6.18 the image's package holds everything; since 6.19 it is empty and depends on three others,
# which the archive does not keep equally long.
parts_of_kernel() {
  local part parts version=${1#linux-image-}
  find_mirror
  parts=$(our_apt apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Depends: //p' | tr -d ' ' | tr ',' '\n' |
    sed 's/(.*//' | grep -xF -e "linux-binary-$version" -e "linux-modules-$version" -e "linux-base-$version") || true
  for part in $parts; do
    [[ -n $(our_apt apt-cache show "$part" 2>/dev/null) ]] || no_machine "kernel $version is not whole in the archive: there is no $part"
  done
  echo "${parts:-$1}"
}

# kernel_version TREE: of the kernel in it, if there is one
kernel_version() {
  local image
  image=$(compgen -G "$1/boot/vmlinuz-*" || compgen -G "$1/usr/lib/modules/*/vmlinuz") || return 0
  image=${image%/vmlinuz}
  basename -- "${image/vmlinuz-/}"
}

# make_boot_initramfs TREE VERSION: busybox, and the modules it takes to mount the root disk.
make_boot_initramfs() {
  local initramfs=$run/initramfs-tree module name
  mkdir -p "$initramfs"/{bin,modules,dev,proc,sys,root}
  cp "$(command -v busybox)" "$initramfs/bin/busybox"
  cp "$here/vm.d/initramfs-init" "$initramfs/init"
  chmod 755 "$initramfs/init"
  for name in virtio_pci virtio_blk ext4 virtio-rng; do
    modprobe -d "$1/modules" -S "$2" --show-depends "$name"
  done | sed -n 's/^insmod //p' | awk '!seen[$1]++ { print $1 }' >"$run/modules"
  while read -r module; do
    name=$(basename -- "${module%.xz}")
    case $module in
      *.xz) xz -dc "$module" >"$initramfs/modules/$name" ;;
      *) cp "$module" "$initramfs/modules/$name" ;;
    esac
    echo "$name" >>"$initramfs/modules/order"
  done <"$run/modules"
  pack_initramfs "$initramfs"
}
