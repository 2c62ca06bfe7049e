package io.ramzswap.allocator.bench;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;

/** What each allocator wastes, as bars: a chart for each workload, a group of bars for each state. */
final class AllocatorPlot {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 320;
    /** zbud wastes more than that; the others could not be told apart beside it. */
    private static final double MOST_PERCENT = 40;

    private static final List<String> STATES =
            List.of("fresh", "after churn", "churn, compacted", "90 % freed, compacted");
    private static final List<Figure> FIGURES =
            List.of(Figure.FRESH, Figure.CHURN_UNCOMPACTED, Figure.CHURN, Figure.SHRINK);

    private final BenchResults results;

    AllocatorPlot(BenchResults results) {
        this.results = results;
    }

    void writeSvg(Path file) throws IOException {
        VectorGraphics2D graphics = new VectorGraphics2D();
        for (String workload : results.workloads()) {
            chart(workload).paint(graphics, WIDTH, HEIGHT);
            graphics.translate(0, HEIGHT);
        }
        double height = (double) HEIGHT * results.workloads().size();
        Document document = new SVGProcessor().getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, height));
        try (OutputStream out = Files.newOutputStream(file)) {
            document.writeTo(out);
        }
    }

    private CategoryChart chart(String workload) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(workload)
                .yAxisTitle("% over the bytes asked for")
                .build();
        chart.getStyler()
                .setYAxisMin(0.0)
                .setYAxisMax(MOST_PERCENT)
                .setLegendPosition(LegendPosition.OutsideE)
                .setChartBackgroundColor(Color.WHITE);
        for (String allocator : results.allocators(workload)) {
            chart.addSeries(allocator, STATES, wastedPercents(workload, allocator));
        }
        return chart;
    }

    private List<Double> wastedPercents(String workload, String allocator) {
        List<Double> percents = new ArrayList<>();
        for (Figure figure : FIGURES) {
            double used = results.value(workload, allocator, figure.key).orElse(1);
            percents.add(Math.min(MOST_PERCENT, 100 * (used - 1)));
        }
        return percents;
    }
}
