package dev.ganglion.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;

/** Runs the experiments and prints the table of results. {@code src/test/chaos/README.md} describes the arguments. */
public final class ChaosMain {
    private static final List<String> QUICK = List.of("kill", "freeze", "redis");
    private static final Duration LIMIT_EACH = Duration.ofMinutes(6);
    private static final Path RESULTS = Path.of("src", "test", "chaos", "RESULTS.md");

    private ChaosMain() {}

    private static Map<String, Experiment> experiments() {
        Map<String, Experiment> all = new LinkedHashMap<>();
        all.put("kill", CrashExperiments::kill);
        all.put("freeze", CrashExperiments::freeze);
        all.put("hiccup", CrashExperiments::hiccup);
        all.put("drain", ShutdownExperiments::drain);
        all.put("rolling", ShutdownExperiments::rolling);
        all.put("two", CrashExperiments::two);
        all.put("redis", CrashExperiments::redis);
        all.put("full", StoreExperiments::full);
        all.put("password", StoreExperiments::password);
        all.put("emptied", DataExperiments::emptied);
        all.put("undurable", DataExperiments::undurable);
        all.put("scripts", DataExperiments::scripts);
        all.put("split", run -> {}); // must create its networks first
        return all;
    }

    public static void main(String[] args) throws IOException {
        List<String> given = new ArrayList<>(List.of(args));
        boolean quick = given.remove("--quick");
        boolean write = given.remove("--write");
        boolean keep = given.remove("--keep");
        Map<String, Experiment> all = experiments();
        List<String> names = given.isEmpty() ? (quick ? QUICK : List.copyOf(all.keySet())) : given;
        if (!all.keySet().containsAll(names)) {
            System.err.println("experiments: " + String.join(" ", all.keySet()) + "; options: --quick --write --keep");
            System.exit(2);
        }
        haltAfter(LIMIT_EACH.multipliedBy(names.size()));
        Path work = Files.createTempDirectory("ganglion-chaos");
        Table table = new Table(quick);
        for (String name : names) {
            run(name, all.get(name), quick, work.resolve(name), table);
        }
        System.out.println();
        System.out.println(table.text());
        if (write) {
            Files.writeString(RESULTS, table.document());
        }
        if (table.good() && !keep) {
            delete(work);
        } else {
            System.out.println("The nodes' output is in " + work);
        }
        System.exit(table.good() ? 0 : 1);
    }

    private static void run(String name, Experiment experiment, boolean quick, Path work, Table table)
            throws IOException {
        System.out.println("--- " + name);
        Files.createDirectories(work);
        long begin = System.nanoTime();
        if (name.equals("split")) {
            Optional<String> obstacle = SplitExperiment.obstacle();
            if (obstacle.isPresent()) {
                System.out.println("  SKIPPED, no network namespaces: " + obstacle.get());
                table.skipped(name, "this machine cannot create network namespaces");
                return;
            }
            try (SplitExperiment split = new SplitExperiment()) {
                // cleans up if this process is terminated
                Runtime.getRuntime().addShutdownHook(new Thread(split::close));
                try {
                    table.add(name, begin, run(name, split::run, quick, work, split.make()));
                } catch (RuntimeException e) {
                    table.failed(name, e);
                }
            }
            return;
        }
        try {
            table.add(name, begin, run(name, experiment, quick, work, ThreeNodes.Places.loopback()));
        } catch (RuntimeException e) {
            e.printStackTrace(System.out);
            table.failed(name, e);
        }
    }

    private static Outcome run(String name, Experiment experiment, boolean quick, Path work, ThreeNodes.Places places) {
        try (ExperimentRun run = new ExperimentRun(name, quick, work, places)) {
            run.begin();
            String abortReason = null;
            try {
                experiment.run(run);
            } catch (RuntimeException e) {
                abortReason = String.valueOf(e.getMessage());
                System.out.println("  FAULT " + abortReason);
                revive(run);
            }
            LoadTotals counts = run.load().finish();
            run.caps().close();
            List<String> faults = new ArrayList<>(run.faults());
            if (abortReason != null) {
                faults.add(abortReason);
            }
            faults.addAll(counts.late());
            Outcome outcome =
                    new Outcome(counts, run.caps().samples(), run.caps().over(), run.figures(), faults);
            System.out.println("  " + outcome.inWords());
            outcome.faults().forEach(fault -> System.out.println("  FAULT " + fault));
            run.load().operator().failures().stream()
                    .map(text -> text.substring(0, Math.min(140, text.length())))
                    .distinct()
                    .limit(4)
                    .forEach(text -> System.out.println("  (a call failed: " + text + ")"));
            if (!outcome.good()) {
                run.cluster().complaints().stream()
                        .limit(20)
                        .forEach(line ->
                                System.out.println("  (" + line.substring(0, Math.min(300, line.length())) + ")"));
            }
            return outcome;
        }
    }

    /** Restarts what an aborted experiment stopped, so that the events can be counted. */
    private static void revive(ExperimentRun run) {
        for (int i = 0; i < ThreeNodes.SIZE; i++) {
            BrainNodeProcess node = run.cluster().node(i);
            if (node.frozen()) {
                run.thaw(i);
            }
            if (!node.alive()) {
                node.start();
            }
        }
        if (!run.cluster().redis().alive()) {
            run.cluster().redis().restart();
        }
    }

    /** Limits the run of this process. Its children end with it. */
    private static void haltAfter(Duration limit) {
        new Timer("limit", true)
                .schedule(
                        new TimerTask() {
                            @Override
                            public void run() {
                                System.out.println("aborted after " + limit.toMinutes() + " minutes");
                                Runtime.getRuntime().halt(3);
                            }
                        },
                        limit.toMillis());
    }

    private static void delete(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
