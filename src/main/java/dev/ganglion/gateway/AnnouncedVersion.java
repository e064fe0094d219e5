package dev.ganglion.gateway;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Chooses the version that the brain announces to an agent.
 *
 * <p>Released agents compare the major and minor number of the brain's version with their own, and warn at every
 * connection if they differ. Both numbers belong to z4j's own releases, so the brain announces the agent's numbers and
 * adds its own version as build metadata.
 */
final class AnnouncedVersion {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6}\\.\\d{1,6})(?:[.+a-z-].*)?", Pattern.DOTALL);

    private AnnouncedVersion() {}

    /**
     * Returns the version to announce, such as {@code 1.13.0+ganglion.0.2.0}. If the agent's version does not begin
     * with two numbers, returns the brain's own version.
     */
    static String to(String agentVersion, String brainVersion) {
        Matcher numbers = NUMBERS.matcher(agentVersion);
        return numbers.matches() ? numbers.group(1) + ".0+ganglion." + brainVersion : brainVersion;
    }
}
