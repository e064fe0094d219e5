package dev.ganglion.benchmarks.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws charts as SVG. */
final class Chart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 380;
    private static final int LEFT = 80;
    private static final int RIGHT = 190;
    private static final int TOP = 50;
    private static final int BOTTOM = 46;
    private static final int STEPS = 5;
    private static final int ROW = 64;
    private static final int BAR = 30;

    private Chart() {}

    /** Draws one line per series over categories, with a logarithmic axis. */
    static String lines(String title, String unit, List<String> categories, Map<String, double[]> series) {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        double low = Math.floor(Math.log10(Math.max(1e-6, least(series))));
        double high = Math.max(low + 1, Math.ceil(Math.log10(most(series))));
        for (double power = low; power <= high; power++) {
            double y = y((power - low) / (high - low));
            svg.line("grid", LEFT, y, WIDTH - RIGHT, y);
            svg.text("end", LEFT - 8, y + 4, number(Math.pow(10, power)));
        }
        frame(svg, unit, categories);
        int index = 0;
        for (Map.Entry<String, double[]> one : series.entrySet()) {
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < one.getValue().length; i++) {
                double x = x(i, categories.size());
                double y = y((Math.log10(Math.max(1e-6, one.getValue()[i])) - low) / (high - low));
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
                svg.dot(index, x, y);
            }
            svg.path(index, points.toString().trim());
            svg.legend(index, WIDTH - RIGHT + 20, TOP + 20 + 20 * index, one.getKey());
            index++;
        }
        return svg.end();
    }

    /** Draws bars of several series side by side. */
    static String bars(String title, String unit, List<String> categories, Map<String, double[]> series) {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        double top = most(series) * 1.1;
        for (int step = 0; step <= STEPS; step++) {
            double y = y((double) step / STEPS);
            svg.line("grid", LEFT, y, WIDTH - RIGHT, y);
            svg.text("end", LEFT - 8, y + 4, number(top * step / STEPS));
        }
        frame(svg, unit, categories);
        double room = (double) (WIDTH - LEFT - RIGHT) / categories.size() * 0.7 / series.size();
        int index = 0;
        for (Map.Entry<String, double[]> one : series.entrySet()) {
            for (int i = 0; i < one.getValue().length; i++) {
                double x = x(i, categories.size()) + (index - series.size() / 2.0) * room;
                double y = y(one.getValue()[i] / top);
                svg.box(index, x + 2, y, room - 4, y(0) - y);
                svg.text("middle", x + room / 2, y - 5, number(one.getValue()[i]));
            }
            svg.legend(index, WIDTH - RIGHT + 20, TOP + 20 + 20 * index, one.getKey());
            index++;
        }
        return svg.end();
    }

    /** Draws one stacked bar per row. Each row has its own scale. */
    static String stacks(String title, String unit, Map<String, Map<String, Double>> rows) {
        List<String> parts = List.copyOf(rows.values().iterator().next().keySet());
        int height = TOP + rows.size() * ROW + 20 * ((parts.size() + 1) / 2) + 30;
        Svg svg = new Svg(WIDTH, height, title);
        int row = 0;
        for (Map.Entry<String, Map<String, Double>> one : rows.entrySet()) {
            double total = one.getValue().values().stream()
                    .mapToDouble(v -> Math.max(0, v))
                    .sum();
            double y = TOP + row * ROW + 16;
            svg.text("start", 16, y - 6, one.getKey() + ": " + number(CostByPart.total(one.getValue())) + " " + unit);
            double x = 16;
            for (int i = 0; i < parts.size(); i++) {
                double width = Math.max(0, one.getValue().getOrDefault(parts.get(i), 0.0)) / total * (WIDTH - 32);
                svg.box(i, x, y, width, BAR);
                x += width;
            }
            row++;
        }
        for (int i = 0; i < parts.size(); i++) {
            StringBuilder name = new StringBuilder(parts.get(i));
            for (Map<String, Double> values : rows.values()) {
                name.append(" · ").append(number(values.getOrDefault(parts.get(i), 0.0)));
            }
            svg.legend(i, 16 + 350 * (i % 2), TOP + rows.size() * ROW + 24 + 20 * (i / 2), name.toString());
        }
        return svg.end();
    }

    private static void frame(Svg svg, String unit, List<String> categories) {
        svg.line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
        svg.line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
        svg.text("start", 16, TOP - 8, unit);
        for (int i = 0; i < categories.size(); i++) {
            svg.text("middle", x(i, categories.size()), HEIGHT - BOTTOM + 20, categories.get(i));
        }
    }

    private static double x(int category, int of) {
        return LEFT + (category + 0.5) * (WIDTH - LEFT - RIGHT) / of;
    }

    private static double y(double part) {
        return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP);
    }

    private static double most(Map<String, double[]> series) {
        return series.values().stream().flatMapToDouble(Arrays::stream).max().orElse(1);
    }

    private static double least(Map<String, double[]> series) {
        return series.values().stream().flatMapToDouble(Arrays::stream).min().orElse(1);
    }

    private static String number(double value) {
        if (value >= 1e6) {
            return String.format(Locale.ROOT, "%.3gM", value / 1e6).replace(".00M", "M");
        }
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value).replaceAll("\\.0+$", "");
    }
}
