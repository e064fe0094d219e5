package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.source.Origin;
import java.util.Optional;

/**
 * Holds the effective value of one key for display.
 *
 * @param key the key
 * @param shown value as a user would write it, masked if it is a secret; empty if the key is not set
 * @param origin origin of the value
 */
public record Setting(ConfigKey<?> key, Optional<String> shown, Origin origin) {}
