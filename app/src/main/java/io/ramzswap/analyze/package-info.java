/**
 * Estimates how well this host's pages would compress: samples the memory of running processes and measures it with the compressors of the store. Reads only. The work grows with the memory that there is, not with the addresses: programs map terabytes and
 * use little of them. What is not in RAM is left where it is: /proc/PID/pagemap says which pages are, and only those
 * are read.
 */
package io.ramzswap.analyze;
