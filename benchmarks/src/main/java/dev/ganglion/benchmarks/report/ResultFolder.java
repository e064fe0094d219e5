package dev.ganglion.benchmarks.report;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One day's results: raw JSON of every measurement by name, and what is made of it. */
public final class ResultFolder {
    private final Path folder;

    /** The folder, which is made when something is put. */
    public ResultFolder(Path folder) {
        this.folder = folder;
    }

    /** Today's folder under this one. */
    public static ResultFolder today(Path results) {
        return new ResultFolder(results.resolve(LocalDate.now(ZoneOffset.UTC).toString()));
    }

    /** The newest folder under this one. */
    public static Optional<ResultFolder> newest(Path results) {
        try (var days = Files.list(results)) {
            return days.filter(Files::isDirectory)
                    .sorted()
                    .reduce((one, other) -> other)
                    .map(ResultFolder::new);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Where it is. */
    public Path path() {
        return folder;
    }

    /** Keeps a measurement, in place of one of the same name. */
    public void put(String name, JsonObject value) {
        write("raw/" + name + ".json", value.encodePrettily() + "\n");
    }

    /** Keeps several measurements under one name. */
    public void put(String name, List<JsonObject> values) {
        put(name, new JsonObject().put("runs", new JsonArray(values)));
    }

    /** A measurement, if it was made. */
    public Optional<JsonObject> get(String name) {
        Path file = folder.resolve("raw").resolve(name + ".json");
        try {
            return Files.exists(file) ? Optional.of(new JsonObject(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    /** The measurements under one name; none if they were not made. */
    public List<JsonObject> runs(String name) {
        List<JsonObject> runs = new ArrayList<>();
        get(name).ifPresent(all -> all.getJsonArray("runs").forEach(each -> runs.add((JsonObject) each)));
        return runs;
    }

    /** Writes a file of the folder. */
    public void write(String name, String text) {
        try {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write " + name, e);
        }
    }
}
