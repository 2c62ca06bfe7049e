/** A device served to NBD clients on a listening socket: no kernel, no root. */
package io.ramzswap.attach.listen;
