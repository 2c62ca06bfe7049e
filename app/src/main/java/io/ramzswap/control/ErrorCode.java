package io.ramzswap.control;

import io.ramzswap.nbd.libc.Errno;
import io.ramzswap.nbd.libc.LibcException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Set;
import java.util.TreeSet;

/** Why an operation was not carried out. */
public enum ErrorCode {
    /** Not a request of this protocol. */
    BAD_REQUEST,
    /** A value that no device can be made with. */
    INVALID_VALUE,
    /** There is no such device. */
    NO_DEVICE,
    /** The device has not been initialised. */
    NOT_INITIALISED,
    /** The device is in use, or already initialised; or the daemon has too much to do. */
    BUSY,
    /** The kernel has no NBD driver. */
    NO_DRIVER,
    /** The caller or the daemon lacks a permission. */
    NOT_PERMITTED,
    /** There is not enough memory. */
    NO_MEMORY,
    /** The process is not protected well enough to serve swap. */
    UNPROTECTED,
    /** The disk of a backing swap failed. */
    BACKING_FAILED,
    /** This machine lacks a library. */
    LIBRARY_MISSING,
    /** This version cannot do that. */
    UNSUPPORTED,
    /** A fault of ours, or of the kernel's. */
    INTERNAL;

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

    /** What it means that a file or a socket that a user named cannot be had. */
    public static ErrorCode of(IOException failure) {
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

    private static ErrorCode of(int errno) {
        if (NO_PERMISSION.contains(errno)) {
            return NOT_PERMITTED;
        }
        if (WRONG_NAME.contains(errno)) {
            return INVALID_VALUE;
        }
        return NOTHING_LEFT.contains(errno) ? NO_MEMORY : INTERNAL;
    }

    /** Java gives the kernel's words for what it has no class of its own for. */
    private static ErrorCode of(String reason) {
        Set<Integer> all = new TreeSet<>(NO_PERMISSION);
        all.addAll(WRONG_NAME);
        all.addAll(NOTHING_LEFT);
        return all.stream()
                .filter(errno -> reason.contains(LibcException.describe(errno)))
                .findFirst()
                .map(ErrorCode::of)
                .orElse(INTERNAL);
    }
}
