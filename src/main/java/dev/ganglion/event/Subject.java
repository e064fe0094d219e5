package dev.ganglion.event;

/** Names what a projection is about: a task, a worker or a queue of an engine, in one text that never means two. */
public record Subject(String engine, String name) {

    /** The text: the engine's length comes first, since engines and names may have any character in them. */
    public String text() {
        return engine.length() + ":" + engine + name;
    }

    /** Reads a text back. */
    public static Subject of(String text) {
        int colon = text.indexOf(':');
        int end = colon + 1 + Integer.parseInt(text.substring(0, colon));
        return new Subject(text.substring(colon + 1, end), text.substring(end));
    }
}
