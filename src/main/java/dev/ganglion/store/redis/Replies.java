package dev.ganglion.store.redis;

import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** Reads Redis replies of the common shapes. */
public final class Replies {
    private Replies() {}

    /** The elements of an array reply, as text. */
    public static List<String> texts(Response reply) {
        List<String> texts = new ArrayList<>();
        reply.forEach(each -> texts.add(each.toString()));
        return texts;
    }
}
