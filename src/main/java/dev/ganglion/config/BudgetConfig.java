package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import java.util.Optional;

/**
 * Holds the sizes of the memory for REST.
 *
 * @param answers bytes for answers in the making; empty for a share of the heap
 * @param uploads bytes for request bodies; empty for a share of the heap
 */
public record BudgetConfig(Optional<Long> answers, Optional<Long> uploads) {
    static BudgetConfig from(CheckedValues values) {
        return new BudgetConfig(
                values.optional(ConfigKeys.HTTP_ANSWER_BUDGET), values.optional(ConfigKeys.HTTP_UPLOAD_BUDGET));
    }
}
