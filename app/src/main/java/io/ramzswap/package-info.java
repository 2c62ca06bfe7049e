/** ramzswap: compressed swap in RAM, served to the kernel over NBD. */
package io.ramzswap;
