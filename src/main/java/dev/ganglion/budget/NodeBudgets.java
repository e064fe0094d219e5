package dev.ganglion.budget;

import dev.ganglion.config.BudgetConfig;
import dev.ganglion.telemetry.BudgetMetrics;
import dev.ganglion.telemetry.BudgetMetrics.Budget;

/**
 * The budgets of a node for HTTP.
 *
 * @param answers bytes of REST answers, from the first read until the client has received them
 * @param uploads bytes of request bodies, until they have taken effect
 */
public record NodeBudgets(ByteBudget answers, ByteBudget uploads) {
    private static final long MIN_ANSWERS = 16L << 20;
    private static final long MIN_UPLOADS = 64L << 20;

    /** Creates the budgets of the configured sizes, by default an eighth of the heap each, and exposes them. */
    public static NodeBudgets of(BudgetConfig config, BudgetMetrics metrics) {
        return new NodeBudgets(
                ByteBudget.exposed(
                        config.answers().orElseGet(() -> ByteBudget.shareOfHeap(MIN_ANSWERS)), metrics, Budget.ANSWERS),
                ByteBudget.exposed(
                        config.uploads().orElseGet(() -> ByteBudget.shareOfHeap(MIN_UPLOADS)),
                        metrics,
                        Budget.UPLOADS));
    }
}
