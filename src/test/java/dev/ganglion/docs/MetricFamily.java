package dev.ganglion.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A metric as {@code /metrics} describes it. The family of a histogram or summary includes its {@code _max} gauge.
 *
 * @param name name without the suffixes of histograms and summaries
 * @param type counter, gauge, histogram or summary
 * @param help description
 * @param labels names of its labels, without {@code le}
 * @param series names of its series
 */
record MetricFamily(String name, String type, String help, Set<String> labels, Set<String> series) {
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (\\w+) (.*)");
    private static final Pattern SERIES = Pattern.compile("(\\w+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");

    /** Returns the families of a text in Prometheus's format, by name. */
    static Map<String, MetricFamily> parse(String metrics) {
        Map<String, MetricFamily> families = new TreeMap<>();
        Map<String, String> help = new LinkedHashMap<>();
        String family = "";
        for (String line : metrics.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            Matcher series = SERIES.matcher(line);
            if (comment.matches() && comment.group(1).equals("HELP")) {
                help.put(comment.group(2), comment.group(3).strip());
            } else if (comment.matches()) {
                String name = comment.group(2);
                String base = name.replaceFirst("_max$", "");
                family = families.containsKey(base) ? base : name;
                families.putIfAbsent(
                        family,
                        new MetricFamily(
                                name, comment.group(3), help.getOrDefault(name, ""), new TreeSet<>(), new TreeSet<>()));
            } else if (series.matches() && families.containsKey(family)) {
                families.get(family).add(series.group(1), series.group(2) == null ? "" : series.group(2));
            }
        }
        return families;
    }

    private void add(String seriesName, String seriesLabels) {
        series.add(seriesName);
        Matcher label = LABEL.matcher(seriesLabels);
        while (label.find()) {
            if (!label.group(1).equals("le")) {
                labels.add(label.group(1));
            }
        }
    }

    /** Returns whether the brain defines this metric; the JVM's metrics come from a library. */
    boolean ours() {
        return name.startsWith("ganglion_") || name.startsWith("z4j_");
    }

    /** Returns the unit of the values, as the name says it. */
    String unit() {
        String plain = name.replaceFirst("_total$", "");
        List<String> units = new ArrayList<>(List.of("seconds", "bytes"));
        units.removeIf(unit -> !plain.endsWith("_" + unit));
        return units.isEmpty() ? "–" : units.get(0);
    }
}
