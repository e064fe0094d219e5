package dev.ganglion.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ganglion.benchmarks.host.BucketCounts;
import dev.ganglion.benchmarks.host.MetricsPage;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

/** Checks the figures, verdicts and charts of the results. */
class FiguresTest {
    @Test
    void aSlopeIsTheChangeFromTheFirstToTheLastSample() {
        assertThat(Slope.percent(List.of(5.0, 5.0, 5.0))).isZero();
        assertThat(Slope.percent(List.of(95.0, 100.0, 105.0))).isCloseTo(10, within(1e-9));
        assertThat(Slope.percent(List.of(3.0))).isZero();
        assertThat(Slope.percent(List.of())).isZero();
        assertThat(Slope.leastSquaresPercent(List.of(95.0, 100.0, 105.0))).isCloseTo(10, within(1e-9));
        assertThat(Slope.leastSquaresPercent(List.of(3.0))).isZero();
    }

    @Test
    void anOutlierTiltsOnlyTheLeastSquaresLine() {
        List<Double> samples = List.of(50.0, 50.5, 51.0, 51.5, 52.0, 52.5, 53.0, 3_000.0);
        assertThat(Slope.percent(samples)).isCloseTo(100 * 0.5 * 7 / 51.75, within(1e-9));
        assertThat(Slope.leastSquaresPercent(samples)).isGreaterThan(100);
    }

    @Test
    void aVerdictShowsByHowMuchATargetIsMissed() {
        assertThat(Verdict.atMost(1, "a", 3.0, 2.5, " ×", "").row()).contains("missed by 20 %");
        assertThat(Verdict.atLeast(3, "b", 0.35, 0.7, " ×", "").row()).contains("missed by 50 %");
        assertThat(Verdict.atMost(1, "c", 2.5, 2.5, " ×", "").met()).isTrue();
        assertThat(Verdict.atMost(1, "d", Double.NaN, 2.5, " ×", "").row()).contains("not measured");
    }

    @Test
    void addsUpSeriesWithTheSameName() {
        MetricsPage page = MetricsPage.parse("# HELP x\nx{a=\"1, }\"} 2.5\nx{a=\"2\"} 1\ny 3e2\nz +Inf\n");
        assertThat(page.sum("x")).contains(3.5);
        assertThat(page.sum("y")).contains(300.0);
        assertThat(page.sum("none")).isEmpty();
    }

    @Test
    void computesPercentilesSinceAnEarlierReading() {
        String page = """
                h_seconds_bucket{node="a",le="0.1"} %d
                h_seconds_bucket{le="0.2",node="a"} %d
                h_seconds_bucket{node="a",le="+Inf"} %d
                h_seconds_count{node="a"} 7
                """;
        BucketCounts before = MetricsPage.parse(page.formatted(50, 50, 50)).buckets("h_seconds");
        BucketCounts after = MetricsPage.parse(page.formatted(60, 90, 100)).buckets("h_seconds");
        BucketCounts since = after.since(before);

        assertThat(since.count()).isEqualTo(50);
        assertThat(since.percentile(10)).isCloseTo(0.05, within(1e-9));
        assertThat(since.percentile(50)).isCloseTo(0.15, within(1e-9));
        assertThat(since.percentile(80)).isCloseTo(0.2, within(1e-9));
        assertThat(since.percentile(99)).isEqualTo(0.2);
        assertThat(after.since(after).percentile(50)).isNaN();
        assertThat(MetricsPage.parse("").buckets("h_seconds").count()).isZero();
    }

    @Test
    void anEmptyFolderHasAVerdictForEveryTarget(@TempDir Path folder) {
        List<Verdict> verdicts = Verdicts.of(new ResultFolder(folder));
        assertThat(verdicts.stream().map(Verdict::target).distinct()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        assertThat(verdicts).noneMatch(Verdict::met);
    }

    @Test
    void chartsAreWellFormedXml() throws Exception {
        Map<String, double[]> series = Map.of("a & b", new double[] {1, 1000}, "c < d", new double[] {20, 3});
        Map<String, Map<String, Double>> rows = Map.of("row", Map.of("x", 1.0, "y", -2.0));
        var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        for (String svg : List.of(
                Chart.lines("t", "u", List.of("1", "2"), series),
                Chart.bars("t", "u", List.of("1", "2"), series),
                Chart.stacks("t", "u", rows))) {
            var root = parser.parse(new InputSource(new StringReader(svg))).getDocumentElement();
            assertThat(root.getTagName()).isEqualTo("svg");
        }
    }
}
