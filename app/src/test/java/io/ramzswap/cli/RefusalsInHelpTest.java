package io.ramzswap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.refusal.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class RefusalsInHelpTest {
    private final CommandLine rzscontrol = new CommandLine(new RzscontrolCommand());
    private final CommandLine ramzswapd = new CommandLine(new RamzswapdCommand(new ThisMachine()));

    @ParameterizedTest
    @EnumSource(Refusal.class)
    void shouldListEveryRefusalInTheHelpAndTheManual(Refusal refusal) {
        String status = Integer.toString(refusal.exitStatus());

        assertThat(statuses(rzscontrol)).containsEntry(status, refusal.meaning());
        if (refusal != Refusal.NOT_INITIALISED) {
            assertThat(statuses(ramzswapd)).containsEntry(status, refusal.meaning());
        }
        assertThat(new ManualSections(rzscontrol.getCommandSpec()).exitStatus()).contains(".B " + status);
    }

    /** Refusals that share a status, such as a fault, share its line too. */
    @Test
    void shouldGiveAStatusOneMeaning() {
        for (Refusal one : Refusal.values()) {
            for (Refusal other : Refusal.values()) {
                assertThat(one.exitStatus() == other.exitStatus())
                        .isEqualTo(one.meaning().equals(other.meaning()));
            }
        }
    }

    @Test
    void shouldKeepStatusesOfTheProgramsApartFromRefusals() {
        List<Integer> ofRefusals =
                Arrays.stream(Refusal.values()).map(Refusal::exitStatus).toList();

        assertThat(ofRefusals)
                .doesNotContain(
                        ExitStatus.OK,
                        ExitStatus.UNREACHABLE,
                        ExitStatus.SHOULD_BE_CHANGED,
                        ExitStatus.HAS_TO_BE_CHANGED);
    }

    /** Scripts rely on these. */
    @Test
    void shouldKeepTheStatusesThatScriptsKnow() {
        assertThat(statuses(rzscontrol).keySet())
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15");
        assertThat(statuses(ramzswapd).keySet())
                .containsExactly("0", "1", "2", "3", "4", "5", "7", "8", "9", "10", "11", "14", "15");
        assertThat(List.of(
                        Refusal.BUSY.exitStatus(),
                        Refusal.UNPROTECTED.exitStatus(),
                        Refusal.BACKING_FAILED.exitStatus()))
                .containsExactly(7, 10, 14);
    }

    private static Map<String, String> statuses(CommandLine program) {
        return program.getCommandSpec().usageMessage().exitCodeList();
    }
}
