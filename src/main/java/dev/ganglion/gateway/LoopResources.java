package dev.ganglion.gateway;

import dev.ganglion.auth.ProjectSecret;
import dev.ganglion.protocol.FrameReader;
import dev.ganglion.protocol.ProjectKey;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Holds the resources that the connections of one event loop share: the frame reader with its buffers, the project
 * keys, and a copy buffer.
 */
public final class LoopResources {
    /** Number of cached project keys. A session keeps the key it started with, even after the cache evicts that key. */
    private static final int KEYS = 1_024;
    /** Size of the reusable copy buffer, in bytes. A larger message gets an array of its own. */
    private static final int COPY_BUFFER_BYTES = 256 * 1024;

    private final FrameReader reader;
    private final byte[] copyBuffer = new byte[COPY_BUFFER_BYTES];
    private final Map<String, ProjectKey> keys = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, ProjectKey> eldest) {
            return size() > KEYS;
        }
    };

    LoopResources(int maxFrameBytes) {
        this.reader = new FrameReader(maxFrameBytes);
    }

    public FrameReader reader() {
        return reader;
    }

    byte[] copyBuffer(int bytes) {
        return bytes <= COPY_BUFFER_BYTES ? copyBuffer : new byte[bytes];
    }

    public ProjectKey key(ProjectSecret secret) {
        return keys.computeIfAbsent(secret.name(), name -> new ProjectKey(secret.bytes()));
    }
}
