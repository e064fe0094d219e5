package dev.ganglion.bus;

import java.util.Optional;

/**
 * A notice that something on display changed. The notice does not carry the new state; receivers query it. Published to
 * {@link Addresses#CHANGED}.
 *
 * @param projectId UUID of the project; empty for a change of the cluster, which concerns every user
 * @param topic the part that changed
 */
public record ChangeNotice(String projectId, Topic topic) {

    /** The parts of a project or cluster that can change. */
    public enum Topic {
        AGENT("agent.changed"),
        COMMAND("command.changed"),
        TASK("task.changed"),
        CLUSTER("cluster.changed");

        private final String wireName;

        Topic(String wireName) {
            this.wireName = wireName;
        }

        /** The name on the wire. Names never change. */
        public String wireName() {
            return wireName;
        }

        /** Returns the topic with this name, or empty if only a later version knows the topic. */
        public static Optional<Topic> ofWireName(String name) {
            for (Topic topic : values()) {
                if (topic.wireName.equals(name)) {
                    return Optional.of(topic);
                }
            }
            return Optional.empty();
        }
    }

    /** Creates the notice that a node joined the cluster, left it, or started to leave. */
    public static ChangeNotice ofCluster() {
        return new ChangeNotice("", Topic.CLUSTER);
    }
}
