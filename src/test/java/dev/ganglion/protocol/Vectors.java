package dev.ganglion.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Loads the test vectors that were generated with the agents' library. */
public final class Vectors {
    private Vectors() {}

    /** Returns the vectors of a file. */
    public static Stream<JsonNode> read(String name) {
        try (InputStream in = Vectors.class.getResourceAsStream("/protocol/vectors/" + name)) {
            JsonNode cases = new ObjectMapper().readTree(in);
            return StreamSupport.stream(cases.spliterator(), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
