package io.ramzswap.control;

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
    INTERNAL
}
