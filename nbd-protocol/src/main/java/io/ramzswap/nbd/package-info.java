/** Network Block Device: what is served (exports) and the words of the protocol. */
package io.ramzswap.nbd;
