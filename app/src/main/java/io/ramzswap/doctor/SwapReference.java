package io.ramzswap.doctor;

import io.ramzswap.backing.SwapHeader;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A swap area as a host's configuration names it: by device, UUID or label. Areas of ours are empty at each start of the
 * daemon, and are there only while it runs, so nothing that is read at boot may wait for one. Source: fstab(5).
 *
 * @param text as it is written
 */
record SwapReference(String text) {
    private static final Pattern DEVICE = Pattern.compile("/dev/nbd[0-9]+");

    /** Whether it is one of ours, or may be: a device of the nbd driver, or an area that this program has formatted. */
    boolean isOurs() {
        return DEVICE.matcher(text).matches() || isFormattedByUs();
    }

    private boolean isFormattedByUs() {
        String lower = text.toLowerCase(Locale.ROOT).replace("\"", "");
        return lower.startsWith("uuid=" + SwapHeader.UUID_PREFIX)
                || lower.startsWith("/dev/disk/by-uuid/" + SwapHeader.UUID_PREFIX)
                || lower.equals("label=" + SwapHeader.LABEL_TEXT)
                || lower.equals("/dev/disk/by-label/" + SwapHeader.LABEL_TEXT);
    }
}
