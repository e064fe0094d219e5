package dev.ganglion.api.request;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rejects JSON bodies in which an object has two members of one name: readers differ in which of them they take. */
final class MemberNames {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_SHOWN = 100;

    private MemberNames() {}

    /**
     * Fails with {@code validation_failed} if a name is repeated within one object. Accepts a body that is not JSON, which
     * the validator rejects.
     */
    static void check(@Nullable Buffer body) {
        if (body == null || body.length() == 0) {
            return;
        }
        Deque<Set<String>> objects = new ArrayDeque<>();
        try (JsonParser parser = JSON.createParser(body.getBytes())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    objects.push(new HashSet<>());
                } else if (token == JsonToken.END_OBJECT) {
                    objects.pop();
                } else if (token == JsonToken.FIELD_NAME && !objects.element().add(parser.currentName())) {
                    throw repeated(parser.currentName());
                }
            }
        } catch (IOException notJson) {
            return;
        }
    }

    private static GanglionException repeated(String name) {
        String shown = name.length() <= MAX_SHOWN ? name : name.substring(0, MAX_SHOWN);
        return new GanglionException(
                ErrorCode.VALIDATION_FAILED, shown + ": the body has this field twice; send it once", shown);
    }
}
