package io.ramzswap.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ramzswap.setting.AddedSetting;
import org.junit.jupiter.api.Test;

class AddedSettingInMessagesTest {
    private final ControlCodec codec = new ControlCodec(AddedSetting.with(AddedSetting.GRAIN));

    @Test
    void shouldCarryASettingThatWasAddedToTheCatalogueAlone() throws MalformedMessageException {
        ControlRequest request = ControlRequest.set("rz0", AddedSetting.GRAIN, 7);

        String line = codec.encode(request);

        assertThat(line).isEqualTo("{\"v\":1,\"operation\":\"set-grain\",\"device\":\"rz0\",\"grain\":7}");
        assertThat(codec.decodeRequest(line)).isEqualTo(request);
    }

    @Test
    void shouldRefuseItsValuesThatAreNoneAndThoseThatDoNotBelong() {
        assertThatThrownBy(() ->
                        codec.decodeRequest("{\"v\":1,\"operation\":\"set-grain\",\"device\":\"rz0\",\"grain\":10}"))
                .hasMessage("a whole number, 1 to 9, is expected, not '10'");
        assertThatThrownBy(() -> codec.decodeRequest("{\"v\":1,\"operation\":\"init\",\"device\":\"rz0\",\"grain\":1}"))
                .hasMessage("a whole number, 1 to 9, is missing, or goes with no such operation");
    }

    @Test
    void shouldNotKnowASettingThatIsNotInTheCatalogue() {
        assertThatThrownBy(() -> ControlCodec.STANDARD.decodeRequest(
                        "{\"v\":1,\"operation\":\"set-grain\",\"device\":\"rz0\",\"grain\":7}"))
                .hasMessage("the operation is missing or unknown");
    }
}
