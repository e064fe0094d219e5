package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Checks the panels of the Grafana dashboard against the metrics that a brain exports. */
class GrafanaTest {
    private static final Path DASHBOARD = Path.of("docker/watching/ganglion.json");
    private static final Pattern METRIC = Pattern.compile("\\b(?:z4j|ganglion)_\\w+");
    private static final Pattern WORD = Pattern.compile("[a-z]{4,}");
    private static final Pattern LABELS = Pattern.compile("\\{([^}]*)}|by \\(([^)]*)\\)");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=|,|$|\\s)");

    private final Map<String, MetricFamily> bySeries = new HashMap<>();

    GrafanaTest() {
        AllMetrics.families().values().forEach(family -> family.series().forEach(name -> bySeries.put(name, family)));
    }

    private static JsonNode panels() throws IOException {
        return new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels");
    }

    private static Set<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(word -> word.group().replaceFirst("s$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyExpressionNamesExportedMetrics() throws IOException {
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.get("expr").asText();
                METRIC.matcher(expression)
                        .results()
                        .forEach(name -> assertThat(bySeries)
                                .as("%s: %s", panel.get("title").asText(), expression)
                                .containsKey(name.group()));
            }
        }
    }

    /** The title and the metric share a noun, so that a panel does not show workers under the title of connections. */
    @Test
    void everyPanelShowsMetricsOfTheMeaningThatItsTitleNames() throws IOException {
        for (JsonNode panel : panels()) {
            String title = panel.get("title").asText();
            for (JsonNode target : panel.path("targets")) {
                METRIC.matcher(target.get("expr").asText()).results().forEach(name -> {
                    MetricFamily family = Objects.requireNonNull(bySeries.get(name.group()));
                    assertThat(words(title))
                            .as("title '%s' for %s: %s", title, name.group(), family.help())
                            .containsAnyElementsOf(words(family.name().replace('_', ' ') + " " + family.help()));
                });
            }
        }
    }

    @Test
    void everyExpressionUsesLabelsThatItsMetricHas() throws IOException {
        Set<String> everywhere = Set.of("instance", "job", "le");
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.get("expr").asText();
                Set<String> known = new TreeSet<>(everywhere);
                METRIC.matcher(expression)
                        .results()
                        .forEach(name -> known.addAll(Objects.requireNonNull(bySeries.get(name.group()))
                                .labels()));
                if (!METRIC.matcher(expression).find()) {
                    continue;
                }
                LABELS.matcher(expression).results().forEach(group -> {
                    String labels = group.group(1) == null ? group.group(2) : group.group(1);
                    LABEL.matcher(labels)
                            .results()
                            .forEach(label -> assertThat(known).as(expression).contains(label.group(1)));
                });
            }
        }
    }
}
