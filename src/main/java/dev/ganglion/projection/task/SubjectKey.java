package dev.ganglion.projection.task;

/** Identifies a task, a worker or a queue of an engine by one text. Different subjects never have the same text. */
public record SubjectKey(String engine, String name) {

    /**
     * Encodes the subject. The text starts with the length of the engine's name, since names may contain any character.
     */
    public String text() {
        return engine.length() + ":" + engine + name;
    }

    /** Decodes a text. */
    public static SubjectKey of(String text) {
        int colon = text.indexOf(':');
        int end = colon + 1 + Integer.parseInt(text.substring(0, colon));
        return new SubjectKey(text.substring(colon + 1, end), text.substring(end));
    }
}
