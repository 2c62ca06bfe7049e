# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# shellcheck source=assertions.sh
. "$here/test.d/assertions.sh"
# shellcheck source=../vm.d/tools.sh
. "$here/vm.d/tools.sh"

image=$project/app/target/ramzswap
kernels_table=$target/kernels.md

can_be_set_up() {
  "$here/build"
  prepare_tools 32
  cat >"$kernels_table" <<'KERNEL_HEADING'
| kernel | package version | largest request out | in, in order | in, at random | discard: granularity, most | scheduler | pages of zeroes | requests in 10 s of rest | notifier watches | stale pages at the end |
|---|---|---:|---:|---:|---:|---|---|---:|---|---:|
KERNEL_HEADING
}

# attached_on KERNEL: all that is asked of a kernel, and its row of the table. The archive drops parts of older kernels.
attached_on() {
  local status=0
  "$here/vm" --prepare --kernel "$1" 2>preparation || status=$?
  cat preparation
  if ((status == 125)) && grep -q 'is not whole in the archive' preparation; then
    echo "| $1 | not whole in the archive | | | | | | | | | |" >>"$kernels_table"
    return 0
  fi
  "$here/vm" --kernel "$1" --memory 448 --timeout 900 --share "$image:/share/ramzswap" --share "$tools:/share/tools" \
    "$here/vm.d/kernels-session" 48 | tee out
  expect_match out '^kernels: [0-9]+ checks passed, 0 failed$'
  grep '^| [0-9]' out >>"$kernels_table"
}

should_attach_and_swap_on_kernel_6_1() {
  attached_on 6.1
}

should_attach_and_swap_on_kernel_6_12() {
  attached_on 6.12
}

should_attach_and_swap_on_kernel_6_16() {
  attached_on 6.16
}

should_attach_and_swap_on_kernel_6_18() {
  attached_on 6.18
}

should_attach_and_swap_on_kernel_7_0() {
  attached_on 7.0
}

should_attach_and_swap_on_kernel_7_2() {
  attached_on 7.2
}

should_attach_and_swap_on_the_pinned_kernel() {
  attached_on pinned
}

# shown_on KERNEL: what a user sees who tries it there
shown_on() {
  "$here/run" --vm --kernel "$1" | tee out
  expect_match out '^ramzswap: [0-9]{2,} checks passed, 0 failed$'
  expect_match out '^hog: pass 2 at random .* 0 wrong$'
}

should_show_itself_on_kernel_6_1() {
  shown_on 6.1
}

should_show_itself_on_kernel_6_12() {
  shown_on 6.12
}
