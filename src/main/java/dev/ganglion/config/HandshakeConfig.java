package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;

/**
 * Holds the rate limit for new connections from one address.
 *
 * @param rate sustained number of new connections per second, 0 for no limit
 * @param burst number of connections that may arrive at once before the rate applies
 */
public record HandshakeConfig(int rate, int burst) {
    static HandshakeConfig from(CheckedValues values) {
        return new HandshakeConfig(
                values.required(ConfigKeys.AGENT_HANDSHAKE_RATE), values.required(ConfigKeys.AGENT_HANDSHAKE_BURST));
    }

    /** Returns whether a rate limit applies. */
    public boolean limited() {
        return rate > 0;
    }
}
