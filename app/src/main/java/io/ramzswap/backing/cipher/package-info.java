/**
 * Authenticated encryption with a key that nobody ever learns: AES-256 in Galois/Counter Mode (NIST SP 800-38D), by
 * OpenSSL's libcrypto.
 *
 * <p>Not the JDK's: its code is fast only when the second compiler has made it, which the daemon does without for the memory
 * it would keep locked; and each use makes garbage.
 *
 * <p>Hot: {@link io.ramzswap.backing.cipher.PageCipher}. No allocation, on the heap or off it, no exception, no logging.
 */
package io.ramzswap.backing.cipher;
