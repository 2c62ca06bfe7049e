package io.ramzswap.allocator.arena;

/**
 * An arena in figures, each true at some moment during the call.
 *
 * @param framesInUse frames handed out
 * @param reserveFrames populated frames that are free
 * @param populatedBytes memory held of the kernel: frames and metadata
 * @param metadataBytes populated memory that holds no frames
 * @param framesGivenBack frames returned to the kernel since the start
 * @param chunksGivenBack those of them that went as whole chunks, in chunks
 * @param chunksPopulated populate calls for frames since the start
 * @param reserveWaits allocations that found the reserve empty and waited
 * @param refusals allocations refused: at the limit, or no memory in time
 * @param populateFailures times the kernel had no memory to give
 * @param badFrees frees of frames that were not in use, ignored
 * @param highWaterBytes the most {@link Arena#usedBytes} has been
 */
public record ArenaStatistics(
        long framesInUse,
        long reserveFrames,
        long populatedBytes,
        long metadataBytes,
        long framesGivenBack,
        long chunksGivenBack,
        long chunksPopulated,
        long reserveWaits,
        long refusals,
        long populateFailures,
        long badFrees,
        long highWaterBytes) {}
