package dev.ganglion.benchmarks.suite;
import dev.ganglion.benchmarks.load.*;
import java.nio.file.*;
import java.util.*;
public class Try {
    public static void main(String[] a) throws Exception {
        Path home = Files.createTempDirectory("bench");
        try (LocalRedis redis = new LocalRedis(home, "always");
             LocalBrain brain = LocalBrain.start(Path.of("../target/ganglion.jar"), home.resolve("brain.log"), redis.uri(redis.port()), List.of())) {
            Bed bed = new Bed(new Target(brain.url(), "/ws/agent"), List.of(brain.rest()), List.of(brain.pid()), OptionalLong.of(redis.pid()), Optional.of(redis.probe()));
            for (String s : a) { String[] p = s.split(",");
                System.out.println(Ingest.closed(Integer.parseInt(p[0]), Integer.parseInt(p[1]), 3, 4).run(bed).encode()); }
        }
    }
}
