package dev.ganglion.chaos;

/** Something that is done to a cluster under load. */
@FunctionalInterface
interface Experiment {
    /** Does it, measures, and leaves the cluster able to answer. */
    void run(Scene scene);
}
