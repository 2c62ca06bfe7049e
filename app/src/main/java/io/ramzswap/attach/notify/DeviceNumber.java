package io.ramzswap.attach.notify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Numbers of block devices as the kernel has them inside: the major number from bit 20 on, below it the minor one. */
final class DeviceNumber {
    private static final Path SYSFS_BLOCK = Path.of("/sys/block");
    private static final int MINOR_BITS = 20;

    private DeviceNumber() {}

    /** The number of the device that sysfs has under this name. */
    static Optional<Integer> of(String name) {
        try {
            return Optional.of(parse(Files.readString(SYSFS_BLOCK.resolve(name).resolve("dev"))));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** From {@code major:minor}. */
    static int parse(String text) {
        String[] numbers = text.strip().split(":", 2);
        return (Integer.parseInt(numbers[0]) << MINOR_BITS) | Integer.parseInt(numbers[numbers.length - 1]);
    }
}
