package io.ramzswap.refusal;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Set;
import java.util.TreeSet;

/**
 * Why an operation was not carried out. The name goes over the control socket; the exit status and its meaning are those of the
 * programs.
 */
public enum Refusal {
    /** Not a request of this protocol. */
    BAD_REQUEST(1, Texts.FAULT),
    /** A value that no device can be made with. */
    INVALID_VALUE(2, "wrong use, a value that no device can have, or a mistake in the configuration"),
    /** There is no such device. */
    NO_DEVICE(5, "no such device"),
    /** The device has not been initialised. */
    NOT_INITIALISED(6, "the device is not initialised"),
    /** The device is in use, or already initialised; or the daemon has too much to do. */
    BUSY(
            7,
            "busy: in use, already initialised, served by another daemon, or the write-back limit of this hour is used up"),
    /** The kernel has no NBD driver. */
    NO_DRIVER(8, "the kernel has no nbd driver"),
    /** The caller or the daemon lacks a permission. */
    NOT_PERMITTED(4, "no permission"),
    /** There is not enough memory. */
    NO_MEMORY(9, "not enough memory"),
    /** The process is not protected well enough to serve swap. */
    UNPROTECTED(10, "the daemon is not protected well enough to serve swap"),
    /** The disk of a backing swap failed. */
    BACKING_FAILED(14, "the disk of the backing swap failed"),
    /** This machine lacks a library. */
    LIBRARY_MISSING(15, "a library is missing"),
    /** This version cannot do that. */
    UNSUPPORTED(11, "not supported by this version, or not without a configuration"),
    /** A fault of ours, or of the kernel's. */
    INTERNAL(1, Texts.FAULT);

    private final int exitStatus;
    private final String meaning;

    private static final Set<Integer> NO_PERMISSION = Set.of(Errno.EPERM, Errno.EACCES, Errno.EROFS);

    private static final Set<Integer> WRONG_NAME = Set.of(
            Errno.ENOENT,
            Errno.ENOTDIR,
            Errno.ELOOP,
            Errno.ENAMETOOLONG,
            Errno.EADDRNOTAVAIL,
            Errno.EAFNOSUPPORT,
            Errno.EINVAL);

    private static final Set<Integer> NOTHING_LEFT = Set.of(Errno.ENOMEM, Errno.ENOBUFS, Errno.ENFILE, Errno.EMFILE);

    Refusal(int exitStatus, String meaning) {
        this.exitStatus = exitStatus;
        this.meaning = meaning;
    }

    /** The exit status of a program that was refused something. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The line about that status in help and manual. Refusals with one status have one line. */
    public String meaning() {
        return meaning;
    }

    /** Texts that several refusals share. */
    private static final class Texts {
        static final String FAULT = "a fault of the program's, or output that could not be written";
    }

    /** What it means that a file or a socket that a user named cannot be had. */
    public static Refusal of(IOException failure) {
        if (failure instanceof LibcException ofCall) {
            return of(ofCall.errno());
        }
        if (failure instanceof AccessDeniedException) {
            return NOT_PERMITTED;
        }
        if (failure instanceof FileSystemException ofFile && ofFile.getReason() != null) {
            return of(ofFile.getReason());
        }
        return failure instanceof FileSystemException ? INVALID_VALUE : INTERNAL;
    }

    private static Refusal of(int errno) {
        if (NO_PERMISSION.contains(errno)) {
            return NOT_PERMITTED;
        }
        if (WRONG_NAME.contains(errno)) {
            return INVALID_VALUE;
        }
        return NOTHING_LEFT.contains(errno) ? NO_MEMORY : INTERNAL;
    }

    /** Java gives the kernel's words for what it has no class of its own for. */
    private static Refusal of(String reason) {
        Set<Integer> all = new TreeSet<>(NO_PERMISSION);
        all.addAll(WRONG_NAME);
        all.addAll(NOTHING_LEFT);
        return all.stream()
                .filter(errno -> reason.contains(LibcException.describe(errno)))
                .findFirst()
                .map(Refusal::of)
                .orElse(INTERNAL);
    }
}
