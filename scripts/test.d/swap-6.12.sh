# Sourced by scripts/test, which sets here, project, quick and work.
# shellcheck shell=bash disable=SC2154
# Not among the parts that run by default: in several of its runs the guest stalled under full memory pressure, with the
# connection threads waiting for memory. It belongs to the default again once it has been seen to hold.
# shellcheck source=swap.sh
. "$here/test.d/swap.sh"

should_swap_real_pages_on_kernel_6_12() {
  swapped_by_kernel 6.12
}
