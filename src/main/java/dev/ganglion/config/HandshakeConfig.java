package dev.ganglion.config;

/**
 * The limit on new connections from one address.
 *
 * @param rate connections a second that are let in for long, 0 for no limit
 * @param burst connections that may come at once before the rate counts
 */
public record HandshakeConfig(int rate, int burst) {
    static HandshakeConfig from(Values values) {
        return new HandshakeConfig(
                values.required(ConfigKeys.AGENT_HANDSHAKE_RATE), values.required(ConfigKeys.AGENT_HANDSHAKE_BURST));
    }

    /** Whether connections are limited at all. */
    public boolean limited() {
        return rate > 0;
    }
}
