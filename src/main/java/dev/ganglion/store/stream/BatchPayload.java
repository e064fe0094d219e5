package dev.ganglion.store.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.util.Arrays;

/**
 * Compresses the events of a batch for the stream, and restores them.
 *
 * <p>A payload that begins with {@code [} is a JSON array as it is. Every other payload is one frame of Zstandard (RFC
 * 8878) that contains the array. Zstandard's frames begin with another byte, so both forms can stand side by side.
 *
 * <p>An instance compresses on one thread at a time. {@link #restored} may be called on every thread.
 */
public final class BatchPayload {
    /** Smallest array that is compressed, in bytes. Smaller ones shrink by less than the compression costs. */
    static final int SMALLEST = 1_024;
    /**
     * Largest array that is restored, in bytes: more than any frame or upload contains. It bounds the memory that a
     * foreign payload can take.
     */
    static final int LARGEST = 64 << 20;

    /** Zstandard's fastest level with entropy coding: about half the size of LZ4's output for twice the time. */
    private static final int LEVEL = 1;

    private static final ThreadLocal<ZstdDecompressCtx> RESTORING = ThreadLocal.withInitial(ZstdDecompressCtx::new);

    /** Largest output buffer that is kept between batches, in bytes. */
    private static final int KEPT = 256 << 10;

    /** Receives the sizes of stored batches, for metrics. */
    @FunctionalInterface
    public interface Sizes {
        /**
         * A batch was stored.
         *
         * @param events size of its events as a JSON array, in bytes
         * @param stored size of its payload in Redis, in bytes
         */
        void stored(int events, int stored);
    }

    private final ZstdCompressCtx context = newContext();
    private final int smallest;
    private final Sizes sizes;
    private byte[] output = {};

    /** Creates a compressor for batches of {@value #SMALLEST} bytes and more. */
    public BatchPayload(Sizes sizes) {
        this(SMALLEST, sizes);
    }

    /** Creates a compressor for batches of at least this many bytes. */
    public BatchPayload(int smallest, Sizes sizes) {
        this.smallest = smallest;
        this.sizes = sizes;
    }

    private static ZstdCompressCtx newContext() {
        try {
            return new ZstdCompressCtx().setLevel(LEVEL);
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "cannot load the native library of Zstandard from " + System.getProperty("java.io.tmpdir") + ": "
                            + e.getMessage()
                            + "; make this directory writable and mount it with exec, or name another one with"
                            + " -DZstdTempFolder=DIR",
                    e);
        }
    }

    /** Records the sizes of a batch that was stored, in bytes. */
    public void stored(int events, int stored) {
        sizes.stored(events, stored);
    }

    /**
     * Returns the payload to store for a JSON array of events.
     *
     * @return the array itself if compression does not make it smaller; the caller must not change it
     */
    public byte[] of(byte[] array) {
        if (array.length < smallest) {
            return array;
        }
        int bound = (int) Zstd.compressBound(array.length);
        if (output.length < bound) {
            output = new byte[bound];
        }
        int size = context.compressByteArray(output, 0, output.length, array, 0, array.length);
        byte[] payload = size < array.length ? Arrays.copyOf(output, size) : array;
        if (bound > KEPT) {
            output = new byte[KEPT];
        }
        return payload;
    }

    /** Whether a payload is compressed. */
    static boolean isCompressed(byte[] payload) {
        return payload.length > 0 && payload[0] != '[';
    }

    /**
     * Returns the JSON array of a stored payload.
     *
     * @param size size of the array in bytes, as the stream states it
     * @throws IllegalStateException if the payload is damaged, or larger than stated; then nothing was allocated for it
     */
    static byte[] restored(byte[] payload, long size) {
        if (!isCompressed(payload)) {
            return payload;
        }
        if (size < 0 || size > LARGEST) {
            throw new IllegalStateException("it states a size of " + size + " bytes");
        }
        long contained = Zstd.getFrameContentSize(payload);
        if (contained != size) {
            throw new IllegalStateException(
                    contained < 0
                            ? "it is no frame of Zstandard"
                            : "it has " + contained + " bytes instead of " + size);
        }
        try {
            byte[] array = RESTORING.get().decompress(payload, (int) size);
            if (array.length == size) {
                return array;
            }
            throw new IllegalStateException("it has " + array.length + " bytes instead of " + size);
        } catch (ZstdException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
