/**
 * The figures as Prometheus wants them. Names follow its conventions: base units, {@code _total} for counters, {@code
 * _bytes} and {@code _ratio} where they apply. Source: prometheus.io, "Metric and label naming".
 */
package io.ramzswap.metrics;
