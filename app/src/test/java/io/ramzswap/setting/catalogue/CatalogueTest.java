package io.ramzswap.setting.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import io.ramzswap.setting.Choice;
import io.ramzswap.setting.Setting;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogueTest {
    private static final Map<String, Long> RAM = Map.of("ram", 1L << 30);

    static Stream<Setting<?>> settings() {
        return Stream.of(DeviceCatalogue.ALL, DaemonCatalogue.ALL)
                .flatMap(set -> StreamSupport.stream(set.spliterator(), false));
    }

    @ParameterizedTest
    @MethodSource("settings")
    <T> void shouldHaveADefaultThatIsOneOfItsValues(Setting<T> setting) {
        if (setting.fallback().isPresent()) {
            T value = setting.defaultValue(RAM);

            assertThat(setting.type().fromConfig(setting.type().written(value), RAM))
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @MethodSource("settings")
    void shouldListItsChoicesInItsHelp(Setting<?> setting) {
        if (setting.type() instanceof Choice<?> choice) {
            assertThat(setting.help()).contains(choice.labels());
            assertThat(setting.help()).contains(setting.fallback().orElseThrow() + " (the default");
        } else {
            assertThat(setting.type().range()).isNotEmpty();
        }
    }

    @Test
    void shouldHaveNoNameTwice() {
        List<String> names = settings().map(Setting::name).toList();
        List<String> options = settings()
                .flatMap(setting -> setting.option().stream())
                .flatMap(option -> option.names().stream())
                .toList();

        assertThat(names).doesNotHaveDuplicates();
        assertThat(options).doesNotHaveDuplicates();
    }
}
