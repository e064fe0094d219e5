package dev.ganglion.api.dashboard;

import dev.ganglion.protocol.Digests;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the page, ready to be sent.
 *
 * @param type media type
 * @param plain uncompressed content
 * @param zipped content compressed with gzip; null if that is not smaller
 * @param hash hash of the content
 */
record PageFile(String type, Buffer plain, @Nullable Buffer zipped, String hash) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8");

    static PageFile of(String name, byte[] bytes) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException("the page contains a file of an unknown type: " + name);
        }
        byte[] zipped = zip(bytes);
        return new PageFile(
                type, Buffer.buffer(bytes), zipped.length < bytes.length ? Buffer.buffer(zipped) : null, hash(bytes));
    }

    /** Returns the first 80 bits of the SHA-256 of the content, as 20 hexadecimal digits. */
    static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Digests.sha256(bytes), 0, 10);
    }

    private static byte[] zip(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }
}
