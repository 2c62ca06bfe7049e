package io.ramzswap.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.notify.btf.Btf;
import io.ramzswap.notify.btf.TestTypes;
import io.ramzswap.notify.btf.TestTypes.Named;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is chosen on kernels as they have been. */
class SlotFreeFunctionTest {
    private final TestTypes types = new TestTypes();
    private final int unsignedLong = types.integer("long unsigned int", 8);
    private final int unsigned = types.integer("unsigned int", 4);
    private final int entry = types.typedef("swp_entry_t", types.structure("anonymous"));
    private final int cluster = types.pointer(
            types.structureOfBytes(48, "swap_cluster_info", new Named("count", types.integer("u16", 2), 32)));
    private final int blockDevice =
            types.pointer(types.structure("block_device", new Named("bd_dev", types.typedef("dev_t", unsigned), 416)));
    private final int swapInfo = types.pointer(types.structure(
            "swap_info_struct",
            new Named("flags", unsignedLong, 64),
            new Named("type", types.integer("signed char", 1), 400),
            new Named("cluster_info", cluster, 640),
            new Named("bdev", blockDevice, 1024)));

    @TempDir
    private Path directory;

    private SlotFreeFunction choose(String... symbols) throws IOException {
        types.enumeration("SWP_BLKDEV", 64);
        Path kallsyms = directory.resolve("kallsyms");
        Files.writeString(kallsyms, "0 t " + String.join("\n0 t ", symbols) + "\n");
        try (Btf btf = Btf.open(types.write(directory.resolve("btf")), SlotFreeFunction.names(SlotParameter.KNOWN))) {
            return SlotFreeFunction.choose(
                    btf,
                    KernelSymbols.read(kallsyms, SlotFreeFunction.symbols(SlotParameter.KNOWN)),
                    SlotParameter.KNOWN);
        }
    }

    private void swapRangeFree() {
        types.function(
                "swap_range_free",
                new Named("si", swapInfo, 0),
                new Named("offset", unsignedLong, 0),
                new Named("nr_entries", unsigned, 0));
    }

    @Test
    void shouldWatchSwapRangeFreeOn61() throws IOException {
        swapRangeFree();

        SlotFreeFunction function = choose("swap_range_free");

        assertThat(function.form()).isEqualTo(SlotForm.NUMBER);
        assertThat(function.fetchArguments(0))
                .isEqualTo(
                        "slot=$arg2:u64 nr=$arg3:u32 dev=+52(+128($arg1)):u32 flags=+8($arg1):u64 type=+50($arg1):u8");
        assertThat(function.filter(43 << 20)).isEqualTo("dev == 45088768 && flags & 64");
    }

    @Test
    void shouldWatchItsCallerWhereItIsInlinedAsOn612() throws IOException {
        swapRangeFree();
        types.function(
                "swap_entry_range_free",
                new Named("si", swapInfo, 0),
                new Named("entry", entry, 0),
                new Named("nr_pages", unsigned, 0));

        SlotFreeFunction function = choose("swap_entry_range_free");

        assertThat(function.name()).isEqualTo("swap_entry_range_free");
        assertThat(function.form()).isEqualTo(SlotForm.ENTRY);
        assertThat(function.fetchArguments(0)).startsWith("slot=$arg2:u64 nr=$arg3:u32 ");
    }

    @Test
    void shouldFindTheArgumentsWhereAClusterStandsBetween() throws IOException {
        types.function(
                "swap_entries_free",
                new Named("si", swapInfo, 0),
                new Named("ci", cluster, 0),
                new Named("entry", entry, 0),
                new Named("nr_pages", unsigned, 0));

        SlotFreeFunction function = choose("swap_entries_free");

        assertThat(function.fetchArguments(0)).startsWith("slot=$arg3:u64 nr=$arg4:u32 dev=+52(+128($arg1)):u32 ");
    }

    @Test
    void shouldTellAnOffsetFromAnEntryByItsType() throws IOException {
        types.function(
                "swap_entries_free",
                new Named("si", swapInfo, 0),
                new Named("ci", cluster, 0),
                new Named("start", unsignedLong, 0),
                new Named("nr_pages", unsigned, 0));

        assertThat(choose("swap_entries_free").form()).isEqualTo(SlotForm.NUMBER);
    }

    @Test
    void shouldChooseNoneThatIsInlinedOrSpecialised() {
        swapRangeFree();

        assertThatThrownBy(() -> choose("swap_range_free.isra.0"))
                .isInstanceOf(IOException.class)
                .hasMessage("this kernel has no slot-freeing function that is known here and not inlined");
    }

    @Test
    void shouldChooseNoneThatCountsFromElsewhere() {
        types.function(
                "swap_entries_free",
                new Named("si", swapInfo, 0),
                new Named("ci", cluster, 0),
                new Named("ci_start", unsigned, 0),
                new Named("nr_pages", unsigned, 0));

        assertThatThrownBy(() -> choose("swap_entries_free")).isInstanceOf(IOException.class);
    }

    private void swapEntriesFree(Named slot) {
        types.function(
                "swap_entries_free",
                new Named("si", swapInfo, 0),
                new Named("ci", cluster, 0),
                slot,
                new Named("nr_pages", unsigned, 0));
    }

    private void swapClusterFreeEntries() {
        types.function(
                "__swap_cluster_free_entries",
                new Named("si", swapInfo, 0),
                new Named("ci", cluster, 0),
                new Named("ci_start", unsigned, 0),
                new Named("nr_pages", unsigned, 0));
    }

    @Test
    void shouldKnowTheNameThatTheSlotHasOn70() throws IOException {
        swapEntriesFree(new Named("offset", unsignedLong, 0));

        SlotFreeFunction function = choose("swap_entries_free");

        assertThat(function.form()).isEqualTo(SlotForm.NUMBER);
        assertThat(function.fetchArguments(0)).startsWith("slot=$arg3:u64 nr=$arg4:u32 ");
    }

    @Test
    void shouldTakeTheClusterWithThePlaceInItFrom71On() throws IOException {
        swapClusterFreeEntries();
        types.structure("swap_table", new Named("entries", types.array(unsignedLong, 512), 0));

        SlotFreeFunction function = choose("__swap_cluster_free_entries");

        assertThat(function.form()).isEqualTo(SlotForm.IN_CLUSTER);
        assertThat(function.clusters()).isEqualTo(new SwapClusters(80, 48, 512));
        assertThat(function.fetchArguments(0))
                .isEqualTo("slot=$arg3:u32 cluster=$arg2:u64 clusters=+80($arg1):u64 nr=$arg4:u32"
                        + " dev=+52(+128($arg1)):u32 flags=+8($arg1):u64 type=+50($arg1):u8");
    }

    @Test
    void shouldNotGuessHowManySlotsAClusterHas() {
        swapClusterFreeEntries();

        assertThatThrownBy(() -> choose("__swap_cluster_free_entries")).isInstanceOf(IOException.class);
    }

    @Test
    void shouldFallBackToZswapsFunctionAndLookTheAreaUp() throws IOException {
        types.function("zswap_invalidate", new Named("swp", entry, 0));

        SlotFreeFunction function = choose("zswap_invalidate", "swap_info");

        assertThat(function.form()).isEqualTo(SlotForm.LONE_ENTRY);
        assertThat(function.fetchArguments(2))
                .isEqualTo("slot=$arg1:u64 nr=\\1:u32 dev=+52(+128(@swap_info+16)):u32 flags=+8(@swap_info+16):u64"
                        + " type=+50(@swap_info+16):u8");
    }

    @Test
    void shouldPreferAFunctionThatIsToldTheArea() throws IOException {
        types.function("zswap_invalidate", new Named("swp", entry, 0));
        swapEntriesFree(new Named("offset", unsignedLong, 0));

        assertThat(choose("zswap_invalidate", "swap_info", "swap_entries_free").name())
                .isEqualTo("swap_entries_free");
    }

    @Test
    void shouldNotFallBackWhereNothingLeadsToTheAreas() {
        types.function("zswap_invalidate", new Named("swp", entry, 0));

        assertThatThrownBy(() -> choose("zswap_invalidate")).isInstanceOf(IOException.class);
    }
}
