package dev.ganglion.config.source;

import dev.ganglion.config.key.KnownKeys;

/**
 * Holds the text that one source gives for one key, before it is parsed.
 *
 * @param slot the key, and whether the text is the value itself or the path of a file with the value
 * @param text the text
 * @param origin place where the text was found
 */
public record SourceValue(KnownKeys.Slot slot, String text, Origin origin) {
    public String keyName() {
        return slot.key().name();
    }

    /** Prints the key and the origin without the text, which may be a secret. */
    @Override
    public String toString() {
        return keyName() + " from " + origin;
    }
}
