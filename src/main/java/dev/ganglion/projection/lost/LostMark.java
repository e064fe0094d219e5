package dev.ganglion.projection.lost;

import org.jspecify.annotations.Nullable;

/**
 * Says that a task is lost: its worker is gone, and no report says how the task ended.
 *
 * @param sinceMs time since which the worker is gone, by the brain's clock, in milliseconds since 1970
 * @param reason how the brain knows
 */
public record LostMark(long sinceMs, Reason reason) {

    /** How the brain knows that the worker of a task is gone. */
    public enum Reason {
        /** Another process took the place of the worker's process. */
        WORKER_REPLACED("worker_replaced"),
        /** The worker reported that it went offline. */
        WORKER_OFFLINE("worker_offline"),
        /** The worker was not connected for 90 s, while Redis and the cluster were healthy. */
        WORKER_ABSENT("worker_absent");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        /** The name in REST and in stored records. */
        public String label() {
            return label;
        }

        /** The reason with this name; null if there is none. */
        public static @Nullable Reason ofLabel(String label) {
            for (Reason reason : values()) {
                if (reason.label.equals(label)) {
                    return reason;
                }
            }
            return null;
        }
    }
}
