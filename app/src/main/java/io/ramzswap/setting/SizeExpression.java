package io.ramzswap.setting;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory as an expression, such as {@code min(ram / 2, 4G)}.
 *
 * <pre>
 *   sum     = product { ("+" | "-") product }
 *   product = factor { ("*" | "/") factor }
 *   factor  = number | name | ("min" | "max") "(" sum { "," sum } ")" | "(" sum ")"
 *   number  = a {@link Size}
 * </pre>
 */
final class SizeExpression {
    private static final Pattern BLANKS = Pattern.compile("\\s*");
    private static final Pattern TOKEN = Pattern.compile("[0-9.][0-9A-Za-z%.]*|[A-Za-z_]+|[-+*/(),]");
    private static final String RAM = "ram";
    private static final String END = "";
    private static final int MAX_LENGTH = 1000;

    /** Parentheses within parentheses: the parser's stack is a thread's. */
    private static final int MAX_DEPTH = 50;

    private static final BigDecimal MAX_BYTES = BigDecimal.valueOf(Long.MAX_VALUE);

    private final String text;
    private final Map<String, Long> variables;
    private final List<String> tokens;
    private int next;
    private int depth;

    private SizeExpression(String text, Map<String, Long> variables) {
        this.text = text;
        this.variables = variables;
        this.tokens = tokens(text);
    }

    /**
     * What {@code text} amounts to, in bytes, rounded down; at most {@link Long#MAX_VALUE}.
     *
     * @param variables bytes by name; {@code ram} is among them
     * @throws IllegalArgumentException with a message for the user, if it is no expression or amounts to less than nothing
     */
    static long evaluate(String text, Map<String, Long> variables) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an expression of " + text.length() + " characters is too long");
        }
        SizeExpression parser = new SizeExpression(text, variables);
        BigDecimal bytes = parser.sum();
        if (!parser.isNext(END)) {
            throw parser.expected("an operator");
        }
        if (bytes.signum() < 0) {
            throw new IllegalArgumentException("'" + text + "' is less than 0");
        }
        return bytes.min(MAX_BYTES).setScale(0, RoundingMode.FLOOR).longValueExact();
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int position = skipBlanks(text, 0);
        while (position < text.length()) {
            Matcher token = TOKEN.matcher(text).region(position, text.length());
            if (!token.lookingAt()) {
                throw new IllegalArgumentException(
                        "'" + text.charAt(position) + "' in '" + text + "' is nothing a size is made of");
            }
            tokens.add(token.group());
            position = skipBlanks(text, token.end());
        }
        tokens.add(END);
        return tokens;
    }

    private static int skipBlanks(String text, int from) {
        Matcher blanks = BLANKS.matcher(text).region(from, text.length());
        return blanks.lookingAt() ? blanks.end() : from;
    }

    private BigDecimal sum() {
        BigDecimal value = product();
        while (isNext("+") || isNext("-")) {
            value = take().equals("+") ? value.add(product()) : value.subtract(product());
        }
        return value;
    }

    private BigDecimal product() {
        BigDecimal value = factor();
        while (isNext("*") || isNext("/")) {
            value = take().equals("*") ? value.multiply(factor(), MathContext.DECIMAL128) : quotient(value, factor());
        }
        return value;
    }

    private BigDecimal quotient(BigDecimal value, BigDecimal divisor) {
        if (divisor.signum() == 0) {
            throw new IllegalArgumentException("'" + text + "' divides by 0");
        }
        return value.divide(divisor, MathContext.DECIMAL128);
    }

    private BigDecimal factor() {
        if (isNext("(")) {
            return inParentheses("");
        }
        if (isNext("min") || isNext("max")) {
            return inParentheses(take());
        }
        Optional<Size> number = Size.of(tokens.get(next));
        if (number.isPresent()) {
            next++;
            return number.get().exactBytes(variables.get(RAM));
        }
        Long variable = variables.get(tokens.get(next));
        if (variable == null) {
            throw expected("a size such as 512M or 50%, "
                    + String.join(", ", variables.keySet().stream().sorted().toList()) + ", min() or max()");
        }
        next++;
        return BigDecimal.valueOf(variable);
    }

    /** What stands between parentheses; the least or greatest of several after "min" or "max". */
    private BigDecimal inParentheses(String function) {
        expect("(");
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("more than " + MAX_DEPTH + " parentheses within each other");
        }
        BigDecimal value = sum();
        while (!function.isEmpty() && isNext(",")) {
            next++;
            BigDecimal other = sum();
            value = function.equals("min") ? value.min(other) : value.max(other);
        }
        expect(")");
        depth--;
        return value;
    }

    private void expect(String symbol) {
        if (!isNext(symbol)) {
            throw expected("'" + symbol + "'");
        }
        next++;
    }

    private String take() {
        return tokens.get(next++);
    }

    private boolean isNext(String symbol) {
        return tokens.get(next).equals(symbol);
    }

    private IllegalArgumentException expected(String what) {
        String seen = isNext(END) ? "the end" : "'" + tokens.get(next) + "'";
        return new IllegalArgumentException("'" + text + "' has " + seen + " where " + what + " is expected");
    }
}
