package dev.ganglion.config;

import java.util.Optional;

/**
 * The effective value of one key, for showing.
 *
 * @param key the key
 * @param shown the value as a user would write it, a secret masked; empty if it is not set
 * @param origin where the value came from
 */
public record Setting(ConfigKey<?> key, Optional<String> shown, Origin origin) {}
