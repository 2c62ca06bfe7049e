package io.ramzswap.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/user.slice/user-1000.slice/session-3.scope",
                "/user.slice/user-1000.slice/user@1000.service/app.slice/a.service",
                "/system.slice/run-r1.scope",
                "/machine.slice/a.scope/payload"
            })
    void shouldWarnOfWhatIsFrozenOrEndedWithAUser(String group) {
        assertThat(Session.guard(group).problem()).startsWith("the daemon is in " + group + ", ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/system.slice/ramzswap.service", "/docker/abc", "/user.slices/a", "/a.scopes/b"})
    void shouldLeaveOthersAlone(String group) {
        assertThat(Session.guard(group)).isEqualTo(Guard.HELD);
    }
}
