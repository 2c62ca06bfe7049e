/** The ends of things: threads that are waited for, and what is taken back when a start fails half-way. */
package io.ramzswap.nbd.closing;
