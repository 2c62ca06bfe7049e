package io.ramzswap.attach.notify;

import io.ramzswap.attach.Attachment;
import io.ramzswap.refusal.OperationException;
import io.ramzswap.notify.NotifyMode;
import io.ramzswap.notify.NotifyStatistics;
import io.ramzswap.notify.SlotFreeNotifier;
import io.ramzswap.notify.SwapAreas;
import io.ramzswap.notify.SwapStatistics;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** An attachment that takes its notifier with it. */
final class NotifiedAttachment implements Attachment {
    private final Attachment attachment;
    private final String name;
    private final NotifyMode mode;
    private final SwapAreas swapAreas;
    private final Optional<SlotFreeNotifier> notifier;

    NotifiedAttachment(
            Attachment attachment,
            String name,
            NotifyMode mode,
            SwapAreas swapAreas,
            Optional<SlotFreeNotifier> notifier) {
        this.attachment = attachment;
        this.name = name;
        this.mode = mode;
        this.swapAreas = swapAreas;
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
        OptionalLong used = usedPages();
        NotifyStatistics figures =
                notifier.map(SlotFreeNotifier::statistics).orElseGet(() -> NotifyStatistics.none(mode));
        return Optional.of(new SwapStatistics(used.isPresent(), used.orElse(0), figures));
    }

    private OptionalLong usedPages() {
        try {
            return swapAreas.usedPages(name);
        } catch (IOException e) {
            // A kernel without swap has no such file.
            return OptionalLong.empty();
        }
    }
}
