package io.ramzswap.notify.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatFileTest {
    private static final String EVENT = """
            name: free_nbd0
            ID: 1392
            format:
            \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
            \tfield:unsigned long __probe_ip;\toffset:8;\tsize:8;\tsigned:0;
            \tfield:u64 slot;\toffset:16;\tsize:8;\tsigned:0;
            \tfield:char comm[16];\toffset:24;\tsize:16;\tsigned:0;

            print fmt: "(%lx) slot=%Lu", REC->__probe_ip, REC->slot
            """;

    private static final String HEADER_PAGE = """
            \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
            \tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;
            \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
            \tfield: char data;\toffset:16;\tsize:4080;\tsigned:1;
            """;

    @TempDir
    private Path directory;

    @Test
    void shouldTellWhereFieldsLie() throws IOException {
        FormatFile format = FormatFile.read(Files.writeString(directory.resolve("format"), EVENT));

        assertThat(format.id()).isEqualTo(1392);
        assertThat(format.offset("common_type", 2)).isZero();
        assertThat(format.offset("slot", 8)).isEqualTo(16);
        assertThat(format.offset("comm", 16)).isEqualTo(24);
    }

    @Test
    void shouldRefuseAFieldOfAnotherSizeOrNone() {
        FormatFile format = FormatFile.parse(EVENT);

        assertThatThrownBy(() -> format.offset("slot", 4))
                .hasMessage("a field slot of 4 bytes was expected, there is one of 8");
        assertThatThrownBy(() -> format.offset("nr", 4))
                .hasMessage("a field nr of 4 bytes was expected, there is none");
    }

    @Test
    void shouldTellTheLayoutOfSubBuffers() throws IOException {
        assertThat(SubBufferLayout.of(FormatFile.parse(HEADER_PAGE))).isEqualTo(TestSubBuffer.LAYOUT);
        assertThatThrownBy(() -> SubBufferLayout.of(FormatFile.parse(EVENT)))
                .hasMessage("header_page has no field data");
    }
}
