package io.ramzswap.analyze;

/**
 * The result of one compressor on the sampled pages that are not same-filled.
 *
 * @param name the compressor's
 * @param pages how many it was given
 * @param storedBytes what the store would keep of them: compressed, or as they are
 * @param incompressiblePages those that are kept as they are
 * @param halvedPages those that shrink to half a page or less
 * @param medianNanos time it took for half of the pages or more
 */
public record CompressorResult(
        String name, long pages, long storedBytes, long incompressiblePages, long halvedPages, long medianNanos) {}
