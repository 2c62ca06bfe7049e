/**
 * The running kernel's description of its own types and functions: the BPF Type Format of {@code /sys/kernel/btf/vmlinux}.
 * Source: Documentation/bpf/btf.rst and include/uapi/linux/btf.h of Linux.
 */
package io.ramzswap.notify.btf;
