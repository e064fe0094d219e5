package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Checks that the page about metrics lists all metrics: those of a running brain, and those of the sources. */
class MetricsTest {
    private static final Pattern NAME = Pattern.compile("\"((?:ganglion|z4j)\\.[a-z.]+)\"");

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @Test
    void pageListsEveryMetricOnce() {
        assertThat(MetricsPage.names())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(AllMetrics.families().keySet());
    }

    @Test
    void pageDescribesTheMetricsOfARunningBrain() {
        Map<String, MetricFamily> known = AllMetrics.families();
        try (WireAgent agent = brain.agent().connect()) {
            agent.ingest(WireFrames.event());
            Map<String, MetricFamily> running = MetricFamily.parse(brain.metrics());

            assertThat(running).hasSizeGreaterThan(20);
            assertThat(running.values()).allSatisfy(family -> {
                if (family.ours()) {
                    assertThat(family)
                            .usingRecursiveComparison()
                            .ignoringFields("series")
                            .isEqualTo(known.get(family.name()));
                    assertThat(family.help()).isNotEmpty();
                } else {
                    assertThat(family.name()).matches("(jvm_(memory|buffer|gc|threads)|process_cpu|system)_.*");
                }
            });
            agent.closeInOrder();
        }
    }

    @Test
    void sourcesNameNoOtherMetric() throws IOException {
        Set<String> named = new TreeSet<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java/dev/ganglion/telemetry"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                NAME.matcher(Files.readString(source))
                        .results()
                        .forEach(name -> named.add(name.group(1).replace('.', '_')));
            }
        }

        assertThat(AllMetrics.families().keySet().stream().map(MetricsTest::withoutSuffix))
                .containsExactlyInAnyOrderElementsOf(
                        named.stream().map(MetricsTest::withoutSuffix).toList());
    }

    private static String withoutSuffix(String name) {
        return name.replaceFirst("_total$", "").replaceFirst("_seconds$", "");
    }
}
