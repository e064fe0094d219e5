package dev.ganglion.projection.rollup;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first task of a failure group and the latest two. The order in which they are added does not matter. */
final class FailureSamples {
    private static final int LATEST = 2;

    private record Sample(String task, long atMs) {
        boolean isBefore(Sample other) {
            return atMs != other.atMs ? atMs < other.atMs : task.compareTo(other.task) < 0;
        }
    }

    private @Nullable Sample first;
    /** The latest one comes first. */
    private final List<Sample> latest = new ArrayList<>(LATEST + 1);

    void add(String task, long atMs) {
        Sample sample = new Sample(task, atMs);
        if (first == null || sample.isBefore(first)) {
            first = sample;
        }
        for (Sample known : latest) {
            if (known.task.equals(task)) {
                if (sample.isBefore(known)) {
                    return;
                }
                latest.remove(known);
                break;
            }
        }
        int at = 0;
        while (at < latest.size() && sample.isBefore(latest.get(at))) {
            at++;
        }
        latest.add(at, sample);
        if (latest.size() > LATEST) {
            latest.remove(LATEST);
        }
    }

    /** The keys of the tasks, the first one first, then the latest, without repetition. */
    List<String> tasks() {
        List<String> tasks = new ArrayList<>();
        if (first != null) {
            tasks.add(first.task);
        }
        latest.stream().map(Sample::task).filter(task -> !tasks.contains(task)).forEach(tasks::add);
        return tasks;
    }

    void encode(ValueWriter out) {
        out.number(latest.size() + (first == null ? 0 : 1));
        if (first != null) {
            encode(out, first);
        }
        latest.forEach(sample -> encode(out, sample));
    }

    private static void encode(ValueWriter out, Sample sample) {
        out.text(sample.task);
        out.number(sample.atMs);
    }

    void decode(ValueReader in) {
        int count = in.size();
        for (int i = 0; i < count; i++) {
            Sample sample = new Sample(in.text(), in.number());
            if (i == 0) {
                first = sample;
            } else {
                latest.add(sample);
            }
        }
    }
}
