package io.ramzswap.notify.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BtfTest {
    private static final Set<String> NAMES = Set.of("s", "m", "n", "int", "dev_t", "f", "p", "E");

    private final TestTypes types = new TestTypes();
    private Btf btf;

    @TempDir
    private Path directory;

    private Btf open() throws IOException {
        btf = Btf.open(types.write(directory.resolve("btf")), NAMES);
        return btf;
    }

    @AfterEach
    void close() throws IOException {
        if (btf != null) {
            btf.close();
        }
    }

    private static TestTypes.Named named(String name, int type, int bits) {
        return new TestTypes.Named(name, type, bits);
    }

    @Test
    void shouldTellWhereAMemberOfItsTypeIs() throws IOException {
        int integer = types.integer("int", 4);
        int number = types.typedef("dev_t", integer);
        types.structure("s", named("m", number, 64), named("n", integer, 96));
        open();

        assertThat(btf.memberOffset("s", "m", "dev_t")).hasValue(8);
        assertThat(btf.memberOffset("s", "n", "int")).hasValue(12);
        assertThat(btf.memberOffset("s", "m", "int")).as("of another type").isEmpty();
        assertThat(btf.memberOffset("s", "p", "int")).as("none of the name").isEmpty();
    }

    @Test
    void shouldNotChooseBetweenStructuresThatDiffer() throws IOException {
        int integer = types.integer("int", 4);
        types.structure("s", named("m", integer, 64), named("n", integer, 0));
        types.structure("s", named("m", integer, 32), named("n", integer, 0));
        open();

        assertThat(btf.memberOffset("s", "m", "int")).isEmpty();
        assertThat(btf.memberOffset("s", "n", "int")).as("the same in both").hasValue(0);
    }

    @Test
    void shouldAnswerABitFieldAsAbsent() throws IOException {
        types.structure("s", named("m", types.integer("int", 4), 3));
        open();

        assertThat(btf.memberOffset("s", "m", "int")).isEmpty();
    }

    @Test
    void shouldTellAStructuresSizeUnlessTwoDiffer() throws IOException {
        types.structureOfBytes(48, "s");
        types.structureOfBytes(48, "s");
        types.structureOfBytes(32, "m");
        types.structureOfBytes(40, "m");
        open();

        assertThat(btf.structureBytes("s")).hasValue(48);
        assertThat(btf.structureBytes("m")).isEmpty();
        assertThat(btf.structureBytes("n")).as("none of the name").isEmpty();
    }

    @Test
    void shouldTellHowLongAnArrayIs() throws IOException {
        int integer = types.integer("int", 4);
        types.structure("s", named("m", types.array(integer, 512), 0), named("n", integer, 1024));
        open();

        assertThat(btf.arrayLength("s", "m")).hasValue(512);
        assertThat(btf.arrayLength("s", "n")).as("no array").isEmpty();
        assertThat(btf.arrayLength("s", "p")).as("none of the name").isEmpty();
    }

    @Test
    void shouldTellAFunctionsParametersAsInC() throws IOException {
        int structure = types.structure("s");
        int pointer = types.pointer(structure);
        types.function("f", named("p", pointer, 0), named("other", types.integer("int", 4), 0));
        open();

        assertThat(btf.parameters("f"))
                .contains(List.of(new Btf.Parameter("p", "struct s *"), new Btf.Parameter("", "int")));
        assertThat(btf.parameters("p")).isEmpty();
    }

    @Test
    void shouldNotChooseBetweenFunctions() throws IOException {
        types.function("f");
        types.function("f");
        open();

        assertThat(btf.parameters("f")).isEmpty();
    }

    @Test
    void shouldTellAnEnumerator() throws IOException {
        types.enumeration("E", 64);
        types.enumeration("other", 1);
        open();

        assertThat(btf.enumerator("E")).hasValue(64);
        assertThat(btf.enumerator("other")).as("not announced").isEmpty();
    }

    @Test
    void shouldRefuseKindsOfTypesThatItCannotPassOver() {
        types.unknown();

        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessage("types of the unknown kind 27");
    }

    @Test
    void shouldRefuseWhatIsNoBtfOrCutShort() throws IOException {
        Path file = Files.write(directory.resolve("none"), new byte[64]);
        assertThatThrownBy(() -> Btf.open(file, NAMES)).hasMessage("not BTF of version 1");

        types.integer("int", 4);
        byte[] whole = Files.readAllBytes(types.write(directory.resolve("btf")));
        Files.write(file, Arrays.copyOf(whole, whole.length - 3));
        assertThatThrownBy(() -> Btf.open(file, NAMES))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it ends at");
    }
}
