package io.ramzswap.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines of columns, as util-linux prints them. */
final class Table {
    private static final String NOTHING = "-";

    private final List<Boolean> rightAligned;
    private final List<List<String>> lines = new ArrayList<>();

    /** A table of columns that are aligned on the right, or not. */
    Table(List<Boolean> rightAligned) {
        this.rightAligned = rightAligned;
    }

    /** Adds a line. An empty cell stays empty, but in {@link #raw} form. */
    void add(List<String> cells) {
        lines.add(cells);
    }

    /** Columns as wide as their widest cell. */
    String aligned() {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder aligned = new StringBuilder();
            for (int column = 0; column < line.size(); column++) {
                String padding = " ".repeat(width(column) - line.get(column).length());
                String cell = line.get(column);
                aligned.append(column == 0 ? "" : " ")
                        .append(rightAligned.get(column) ? padding + cell : cell + padding);
            }
            text.append(aligned.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** One blank between cells, and {@code -} for an empty one, so that a program can count on their number. */
    String raw() {
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append(String.join(
                            " ",
                            line.stream()
                                    .map(cell -> cell.isEmpty() ? NOTHING : cell)
                                    .toList()))
                    .append('\n');
        }
        return text.toString();
    }

    private int width(int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
}
