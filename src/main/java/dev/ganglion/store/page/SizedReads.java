package dev.ganglion.store.page;

import dev.ganglion.store.redis.SharedLine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;

/** Asks Redis how large values are before they are read. */
public final class SizedReads {
    private SizedReads() {}

    /** One field of a hash. */
    public record Field(String key, String name) {}

    /**
     * Returns the sizes of the fields of hashes in bytes, in groups.
     *
     * @param fields fields; each {@code group} of them makes one sum
     * @param group number of fields in a group
     */
    public static Future<List<Long>> sizes(SharedLine line, List<Field> fields, int group) {
        List<Request> requests = new ArrayList<>(fields.size());
        for (Field field : fields) {
            requests.add(Request.cmd(Command.HSTRLEN).arg(field.key()).arg(field.name()));
        }
        return line.batch(requests).map(replies -> {
            List<Long> sums = new ArrayList<>();
            for (int i = 0; i < replies.size(); i += group) {
                long sum = 0;
                for (int j = i; j < i + group; j++) {
                    sum += replies.get(j).toLong();
                }
                sums.add(sum);
            }
            return sums;
        });
    }

    /** Returns the index after the last item that fits into {@code max} bytes, from {@code from} on; at least one fits. */
    public static int endOfSlice(List<Long> sizes, int from, long max) {
        int end = from;
        long bytes = 0;
        while (end < sizes.size() && (end == from || bytes + sizes.get(end) <= max)) {
            bytes += sizes.get(end++);
        }
        return end;
    }
}
