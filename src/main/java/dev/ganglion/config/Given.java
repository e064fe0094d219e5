package dev.ganglion.config;

/**
 * What one source says about one key, not yet read.
 *
 * @param slot the key, and whether the text is the value or names a file with it
 * @param text the text
 * @param origin where it stands
 */
record Given(KnownKeys.Slot slot, String text, Origin origin) {
    String keyName() {
        return slot.key().name();
    }

    /** Without the text, which may be a secret. */
    @Override
    public String toString() {
        return keyName() + " from " + origin;
    }
}
