/**
 * Refusals: one list of their kinds, which all packages below the programs use. A kind has its name in the control protocol, its
 * exit status, and the line about that in help and manual.
 */
package io.ramzswap.refusal;
