package dev.ganglion.benchmarks.report;

import java.util.Locale;

/** A small SVG writer whose colours suit light and dark pages. */
final class Svg {
    private static final String STYLE = """
            <style>
            text { font: 12px system-ui, sans-serif; fill: #24292f; }
            .title { font-size: 15px; font-weight: 600; }
            .axis { stroke: #8c959f; stroke-width: 1; }
            .grid { stroke: #d0d7de; stroke-width: 1; }
            @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; }
            .axis { stroke: #8b949e; }
            .grid { stroke: #30363d; }
            }
            </style>
            """;
    /** Colours that people with red-green colour blindness can tell apart, readable on white and on black. */
    private static final String[] COLOURS = {
        "#3b82c4", "#e08a1e", "#2aa198", "#c2549d", "#8a7fd1", "#a3a33a", "#d95f4c", "#5f9e4f", "#8c959f"
    };

    private final StringBuilder out = new StringBuilder();

    Svg(int width, int height, String title) {
        put(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">%n",
                width, height, width, height);
        put("<title>%s</title>%n%s", escape(title), STYLE);
        put("<text class=\"title\" x=\"16\" y=\"24\">%s</text>%n", escape(title));
    }

    static String colour(int series) {
        return COLOURS[series % COLOURS.length];
    }

    void line(String kind, double x1, double y1, double x2, double y2) {
        put("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n", kind, x1, y1, x2, y2);
    }

    void path(int series, String points) {
        put("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", points, colour(series));
    }

    void dot(int series, double x, double y) {
        put("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n", x, y, colour(series));
    }

    void box(int series, double x, double y, double width, double height) {
        put(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
                x, y, Math.max(0, width), Math.max(0, height), colour(series));
    }

    void text(String anchor, double x, double y, String text) {
        put("<text text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", anchor, x, y, escape(text));
    }

    void legend(int series, double x, double y, String name) {
        box(series, x, y - 10, 11, 11);
        text("start", x + 16, y, name);
    }

    String end() {
        return out.append("</svg>\n").toString();
    }

    private void put(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
