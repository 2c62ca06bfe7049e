package io.ramzswap.allocator;

/** Called for an object of an allocator. */
@FunctionalInterface
public interface ObjectVisitor {
    /** An object that is in use. */
    void visit(long handle);
}
