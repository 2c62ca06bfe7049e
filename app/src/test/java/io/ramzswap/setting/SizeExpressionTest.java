package io.ramzswap.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeExpressionTest {
    private static final long GIB = 1L << 30;
    private static final Map<String, Long> VARIABLES = Map.of("ram", 8 * GIB, "disksize", 3 * GIB);
    private static final long SEED = 20261121;
    private static final int EXPRESSIONS = 2000;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4096| 4096",
                "1K| 1024",
                "1.5g| 1610612736",
                "2T| 2199023255552",
                "ram| 8589934592",
                "50%| 4294967296",
                "12.5%| 1073741824",
                "ram / 2| 4294967296",
                "ram/3| 2863311530",
                "min(ram / 2, 4G)| 4294967296",
                "min(ram/2,1G)| 1073741824",
                "max(ram / 4, 512M, 3 * 1G)| 3221225472",
                "min(7)| 7",
                "disksize / 2| 1610612736",
                "1G + 2M * 3 - 512K| 1079508992",
                "(1G + 1G) * 2 - 1G| 3221225472",
                "10 - 4 - 3| 3",
                "100 / 5 / 2| 10",
                "1 / 3 * 3| 0",
                "ram * 0| 0",
                "9999999999999999999T| 9223372036854775807",
                "0.1K| 102"
            })
    void shouldAmountTo(String text, long bytes) {
        assertThat(SizeExpression.evaluate(text, VARIABLES)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lots| 'lots' has 'lots' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "4GB| '4GB' has '4GB' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "1.| '1.' has '1.' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "1 G| '1 G' has 'G' where an operator is expected",
                "-1| '-1' has '-' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "1M - 2M| '1M - 2M' is less than 0",
                "1M / 0| '1M / 0' divides by 0",
                "1M / (ram - ram)| '1M / (ram - ram)' divides by 0",
                "ram /| 'ram /' has the end where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "min(ram| 'min(ram' has the end where ')' is expected",
                "min ram| 'min ram' has 'ram' where '(' is expected",
                "min()| 'min()' has ')' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "(1, 2)| '(1, 2)' has ',' where ')' is expected",
                "1)| '1)' has ')' where an operator is expected",
                "ram ^ 2| '^' in 'ram ^ 2' is nothing a size is made of",
                "1e3| '1e3' has '1e3' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "RAM| 'RAM' has 'RAM' where a size such as 512M or 50%, disksize, ram, min() or max() is expected",
                "10000000000000000000000| '10000000000000000000000' has '10000000000000000000000' where a size such as 512M or 50%, disksize, ram, min() or max() is expected"
            })
    void shouldSayWhatIsExpected(String text, String complaint) {
        assertThatThrownBy(() -> SizeExpression.evaluate(text, VARIABLES))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(complaint);
    }

    @Test
    void shouldRefuseWhatIsTooLongOrTooDeep() {
        assertThatThrownBy(() -> SizeExpression.evaluate("1+".repeat(600) + "1", VARIABLES))
                .hasMessage("an expression of 1201 characters is too long");
        assertThatThrownBy(() -> SizeExpression.evaluate("(".repeat(51) + "1" + ")".repeat(51), VARIABLES))
                .hasMessage("more than 50 parentheses within each other");
        assertThat(SizeExpression.evaluate("(".repeat(50) + "1" + ")".repeat(50), VARIABLES))
                .isOne();
    }

    /** Expressions are made together with what they amount to, so that nothing but the notation is in common. */
    @Test
    void shouldAgreeWithWhatAnExpressionWasMadeFrom() {
        Random random = new Random(SEED);
        for (int i = 0; i < EXPRESSIONS; i++) {
            Made made = Made.random(random, 4);
            long bytes = made.value().setScale(0, RoundingMode.FLOOR).longValueExact();
            assertThat(SizeExpression.evaluate(made.text(), VARIABLES))
                    .as("seed %d, expression %d: %s", SEED, i, made.text())
                    .isEqualTo(bytes);
        }
    }

    private record Made(String text, BigDecimal value) {
        static Made random(Random random, int depth) {
            if (depth == 0 || random.nextInt(4) == 0) {
                int amount = random.nextInt(1000);
                return random.nextBoolean()
                        ? new Made(amount + "K", BigDecimal.valueOf(amount * 1024L))
                        : new Made(" ram ", BigDecimal.valueOf(8 * GIB));
            }
            Made left = random(random, depth - 1);
            Made right = random(random, depth - 1);
            return switch (random.nextInt(4)) {
                case 0 -> new Made("(" + left.text + "+" + right.text + ")", left.value.add(right.value));
                case 1 -> new Made("min(" + left.text + "," + right.text + ")", left.value.min(right.value));
                case 2 -> new Made("max( " + left.text + ", " + right.text + " )", left.value.max(right.value));
                default ->
                    new Made(
                            "(" + left.text + " / 7)",
                            left.value.divide(BigDecimal.valueOf(7), MathContext.DECIMAL128));
            };
        }
    }
}
