package dev.ganglion.projection.task;

import dev.ganglion.protocol.json.CutText;

/** Identifies a task, a worker or a queue of an engine by one text. Different subjects never have the same text. */
public record SubjectKey(String engine, String name) {

    /**
     * Encodes the subject. The text starts with the length of the engine's name, since names may contain any character.
     */
    public String text() {
        return engine.length() + ":" + engine + name;
    }

    /** Identifies a subject whose name is cut to {@link TaskText#MAX_NAME} characters. */
    public static SubjectKey cut(String engine, String name) {
        return new SubjectKey(engine, CutText.cut(name, TaskText.MAX_NAME));
    }

    /** Decodes a text. */
    public static SubjectKey of(String text) {
        int colon = text.indexOf(':');
        int end = colon + 1 + Integer.parseInt(text.substring(0, colon));
        return new SubjectKey(text.substring(colon + 1, end), text.substring(end));
    }
}
