package dev.ganglion.bus;

import java.util.Optional;

/**
 * Something that people look at is no longer as it was; what it is now, they ask. Published to {@link Addresses#CHANGED}.
 *
 * @param projectId UUID of the project; empty for the cluster, which concerns everybody
 * @param topic what of it
 */
public record Change(String projectId, Topic topic) {

    /** What can change. */
    public enum Topic {
        AGENT("agent.changed"),
        COMMAND("command.changed"),
        TASK("task.changed"),
        CLUSTER("cluster.changed");

        private final String wireName;

        Topic(String wireName) {
            this.wireName = wireName;
        }

        /** Its name on the wire; it never changes. */
        public String wireName() {
            return wireName;
        }

        /** The topic of this name; empty for one that only a later version knows. */
        public static Optional<Topic> ofWireName(String name) {
            for (Topic topic : values()) {
                if (topic.wireName.equals(name)) {
                    return Optional.of(topic);
                }
            }
            return Optional.empty();
        }
    }

    /** Nodes came, went, or began to leave. */
    public static Change ofCluster() {
        return new Change("", Topic.CLUSTER);
    }
}
