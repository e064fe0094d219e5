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

/** The results of one day: the raw JSON of every measurement by name, and the files generated from it. */
public final class ResultFolder {
    private final Path folder;

    /** Uses this folder, which is created at the first write. */
    public ResultFolder(Path folder) {
        this.folder = folder;
    }

    /** Today's folder (UTC) under this directory. */
    public static ResultFolder today(Path results) {
        return new ResultFolder(results.resolve(LocalDate.now(ZoneOffset.UTC).toString()));
    }

    /** The newest folder under this directory. */
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

    /** Path of the folder. */
    public Path path() {
        return folder;
    }

    /** Stores a measurement and replaces one with the same name. */
    public void put(String name, JsonObject value) {
        write("raw/" + name + ".json", value.encodePrettily() + "\n");
    }

    /** Stores several measurements under one name. */
    public void put(String name, List<JsonObject> values) {
        put(name, new JsonObject().put("runs", new JsonArray(values)));
    }

    /** Reads a measurement, if there is one. */
    public Optional<JsonObject> get(String name) {
        Path file = folder.resolve("raw").resolve(name + ".json");
        try {
            return Files.exists(file) ? Optional.of(new JsonObject(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot read " + file, e);
        }
    }

    /** Reads the measurements under one name; an empty list if there are none. */
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
            throw new IllegalStateException("Cannot write " + name, e);
        }
    }
}
