package dev.ganglion.benchmarks.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A metrics page in Prometheus's text format. Series with the same name are added up. */
public final class MetricsPage {
    private static final Pattern BUCKET = Pattern.compile("^(\\w+)_bucket\\{(?:.*,)?le=\"([^\"]+)\".*} (\\S+).*$");

    private final Map<String, Double> sums = new HashMap<>();
    private final Map<String, Map<Double, Double>> buckets = new HashMap<>();

    private MetricsPage() {}

    /** Parses a page. */
    public static MetricsPage parse(String text) {
        MetricsPage page = new MetricsPage();
        text.lines().filter(line -> !line.isBlank() && line.charAt(0) != '#').forEach(page::add);
        return page;
    }

    private void add(String line) {
        Matcher bucket = BUCKET.matcher(line);
        if (bucket.matches()) {
            double bound =
                    bucket.group(2).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bucket.group(2));
            buckets.computeIfAbsent(bucket.group(1), name -> new HashMap<>())
                    .merge(bound, Double.parseDouble(bucket.group(3)), Double::sum);
        }
        int labels = line.indexOf('{');
        int end = labels < 0 ? line.indexOf(' ') : labels;
        int value = labels < 0 ? end : line.indexOf("} ", labels) + 1;
        if (end < 0 || value <= 0) {
            return;
        }
        try {
            double number = Double.parseDouble(line.substring(value).trim().split(" ", -1)[0]);
            sums.merge(line.substring(0, end), number, Double::sum);
        } catch (NumberFormatException e) {
            // A value such as +Inf cannot be added up.
        }
    }

    /** The histogram of a name, added up over all its series; empty if there are none. */
    public BucketCounts buckets(String name) {
        return BucketCounts.of(buckets.getOrDefault(name, Map.of()));
    }

    /** The sum over all series of a name, if there are any. */
    public Optional<Double> sum(String name) {
        return Optional.ofNullable(sums.get(name));
    }
}
