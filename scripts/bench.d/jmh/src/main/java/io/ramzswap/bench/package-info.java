/** The inner loops of the store by themselves, measured with JMH on pages of real processes. */
package io.ramzswap.bench;
