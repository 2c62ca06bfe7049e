/**
 * Looks at a host before it hurts: what stands in the way of swap on ramzswap, or makes it worse than it could be, and what
 * to do about each. Reads /proc and /sys, changes nothing.
 */
package io.ramzswap.doctor;
