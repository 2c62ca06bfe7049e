package io.ramzswap.nbd.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Tells a file from the one that had its name before: another file in its place, or a link that leads elsewhere, has another
 * number; one that was written to has other times. A file without a stamp cannot be looked at.
 */
record FileStamp(long device, long inode, FileTime changed, FileTime modified, long size) {
    private static final FileStamp NONE = new FileStamp(0, 0, FileTime.fromMillis(0), FileTime.fromMillis(0), 0);

    /** Twice the coarsest clock of a file system: FAT's. */
    private static final long SETTLED_MILLIS = TimeUnit.SECONDS.toMillis(4);

    static FileStamp of(Path file) {
        try {
            final Map<String, Object> attributes =
                    Files.readAttributes(file, "unix:dev,ino,ctime,lastModifiedTime,size");
            return new FileStamp(
                    (Long) attributes.get("dev"),
                    (Long) attributes.get("ino"),
                    (FileTime) attributes.get("ctime"),
                    (FileTime) attributes.get("lastModifiedTime"),
                    (Long) attributes.get("size"));
        } catch (IOException e) {
            return NONE;
        }
    }

    /** Whether the file may be written to once more without another stamp. */
    boolean isYoung() {
        return changed.toMillis() > System.currentTimeMillis() - SETTLED_MILLIS;
    }
}
