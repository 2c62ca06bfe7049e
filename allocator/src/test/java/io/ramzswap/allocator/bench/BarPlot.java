package io.ramzswap.allocator.bench;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/**
 * {@code BarPlot BARS PLOT}: draws lines of {@code chart<TAB>group<TAB>bar<TAB>value}, one chart below the other, as SVG.
 */
public final class BarPlot {
    private static final int WIDTH = 1400;
    private static final int HEIGHT = 400;
    private static final int LABELS_ASKEW_FROM = 6;
    private static final int LABEL_DEGREES = 20;
    private static final int FIELDS = 4;

    private final Map<String, Map<String, Map<String, Double>>> charts = new LinkedHashMap<>();

    private BarPlot(List<String> lines) {
        for (String line : lines) {
            String[] fields = line.split("\t", FIELDS);
            charts.computeIfAbsent(fields[0], chart -> new LinkedHashMap<>())
                    .computeIfAbsent(fields[2], bar -> new LinkedHashMap<>())
                    .put(fields[1], Double.valueOf(fields[3]));
        }
    }

    /** See the class. */
    public static void main(String[] args) throws IOException {
        new BarPlot(Files.readAllLines(Path.of(args[0]))).writeSvg(Path.of(args[1]));
    }

    private void writeSvg(Path file) throws IOException {
        VectorGraphics2D graphics = new VectorGraphics2D();
        for (Map.Entry<String, Map<String, Map<String, Double>>> chart : charts.entrySet()) {
            chart(chart.getKey(), chart.getValue()).paint(graphics, WIDTH, HEIGHT);
            graphics.translate(0, HEIGHT);
        }
        PageSize page = new PageSize(0, 0, WIDTH, (double) HEIGHT * charts.size());
        Document document = new SVGProcessor().getDocument(graphics.getCommands(), page);
        try (OutputStream out = Files.newOutputStream(file)) {
            document.writeTo(out);
        }
    }

    private static CategoryChart chart(String title, Map<String, Map<String, Double>> bars) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .build();
        Set<String> groups = new LinkedHashSet<>();
        bars.values().forEach(values -> groups.addAll(values.keySet()));
        chart.getStyler()
                .setYAxisMin(0.0)
                .setXAxisLabelRotation(groups.size() < LABELS_ASKEW_FROM ? 0 : LABEL_DEGREES)
                .setLegendPosition(LegendPosition.OutsideE);
        bars.forEach((bar, values) -> {
            List<Double> heights = new ArrayList<>();
            groups.forEach(group -> heights.add(values.getOrDefault(group, 0.0)));
            chart.addSeries(bar, List.copyOf(groups), heights);
        });
        return chart;
    }
}
