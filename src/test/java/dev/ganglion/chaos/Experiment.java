package dev.ganglion.chaos;

/** A fault to inject into a cluster under load. */
@FunctionalInterface
interface Experiment {
    /** Injects the fault, measures its effects, and leaves the cluster able to answer. */
    void run(ExperimentRun run);
}
