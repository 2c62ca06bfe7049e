package io.ramzswap.nbd;

import java.io.DataOutputStream;
import java.io.IOException;

/** What whole clients say, from their flags to DISC, to a server of a device of 64 KiB; they write to its first half. */
public final class Conversations {
    public static final int DEVICE_BYTES = 1 << 16;

    private Conversations() {}

    public static byte[] simple() {
        return choosing(0);
    }

    public static byte[] structured() {
        return choosing(8);
    }

    public static byte[] extended() {
        return choosing(11);
    }

    /** All options and all commands, the form of replies chosen by {@code formOption}, 0 for simple ones. */
    private static byte[] choosing(int formOption) {
        final boolean extended = formOption == 11;
        return TestClient.bytes(out -> {
            out.writeInt(3);
            option(out, 99, new byte[33]);
            option(out, 3, new byte[0]);
            option(out, 5, new byte[0]);
            if (formOption != 0) {
                option(out, formOption, new byte[0]);
            }
            option(out, 9, TestClient.contextQuery("test"));
            option(out, 10, TestClient.contextQuery("test", "base:allocation", "x-test:state"));
            option(out, 6, TestClient.query("test", 0, 1, 2, 3));
            option(out, 7, TestClient.query("test", 3));
            request(out, extended, 0, 0, 0, 4096);
            request(out, extended, extended ? 32 : 0, 1, 512, 5120);
            out.write(new byte[5119]);
            out.write(1);
            request(out, extended, 0, 3, 0, 0);
            request(out, extended, 1, 6, 8192, 4096);
            request(out, extended, 0, 4, 0, 1024);
            request(out, extended, 8, 7, 0, DEVICE_BYTES);
            request(out, extended, 0, 7, 0, DEVICE_BYTES);
            request(out, extended, 0, 5, 0, 512);
            request(out, extended, 0, 0, 4096, 16384);
            request(out, extended, 0, 2, 0, 0);
        });
    }

    private static void option(DataOutputStream out, int option, byte[] data) throws IOException {
        out.writeLong(0x49484156454F5054L);
        out.writeInt(option);
        out.writeInt(data.length);
        out.write(data);
    }

    private static void request(DataOutputStream out, boolean extended, int flags, int type, long offset, long length)
            throws IOException {
        out.write(TestClient.request(extended, flags, type, type, offset, length));
    }
}
