/**
 * What makes pages smaller: compressors, and the test for pages of one repeated word.
 *
 * <p>Hot: no allocation, no logging; exceptions only where the bytes are not what they should be.
 */
package io.ramzswap.compress;
