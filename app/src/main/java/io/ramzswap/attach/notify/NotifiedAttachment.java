package io.ramzswap.attach.notify;

import io.ramzswap.allocator.arena.SharedMemory;
import io.ramzswap.attach.Attachment;
import io.ramzswap.attach.OperationException;
import io.ramzswap.host.ActiveSwaps;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.notify.NotifyStatistics;
import io.ramzswap.notify.SlotFreeNotifier;
import io.ramzswap.notify.SwapStatistics;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** An attachment that takes its notifier with it. */
final class NotifiedAttachment implements Attachment {
    private final Attachment attachment;
    private final String name;
    private final NotifyMode mode;
    private final ActiveSwaps swaps;
    private final Optional<SlotFreeNotifier> notifier;

    NotifiedAttachment(
            Attachment attachment,
            String name,
            NotifyMode mode,
            ActiveSwaps swaps,
            Optional<SlotFreeNotifier> notifier) {
        this.attachment = attachment;
        this.name = name;
        this.mode = mode;
        this.swaps = swaps;
        this.notifier = notifier;
    }

    @Override
    public Permit reserve() throws OperationException {
        Permit permit = attachment.reserve();
        return new Permit() {
            @Override
            public void detach() throws OperationException {
                permit.detach();
                notifier.ifPresent(SlotFreeNotifier::close);
            }

            @Override
            public void close() {
                permit.close();
            }
        };
    }

    @Override
    public void probe() throws OperationException {
        attachment.probe();
    }

    @Override
    public Optional<SwapStatistics> swapStatistics() {
        OptionalLong used = usedBytes();
        NotifyStatistics figures =
                notifier.map(SlotFreeNotifier::statistics).orElseGet(() -> NotifyStatistics.none(mode));
        return Optional.of(new SwapStatistics(used.isPresent(), used.orElse(0) / SharedMemory.PAGE_BYTES, figures));
    }

    private OptionalLong usedBytes() {
        try {
            return swaps.usedBytes(name);
        } catch (IOException e) {
            // A kernel without swap has no such file.
            return OptionalLong.empty();
        }
    }
}
