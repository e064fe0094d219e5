package dev.ganglion.auth.people;

import dev.ganglion.auth.ProjectStore.Page;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores API keys by their hashes. */
public interface ApiKeyStore {
    /** Stores a new key. */
    Future<Void> create(ApiKey key, String keyHash);

    /**
     * Finds the key with this hash, unless it has expired by the store's clock. Records the use at most once a minute.
     */
    Future<Optional<ApiKey>> use(String keyHash);

    /** Lists keys in order of creation, including expired ones. */
    Future<Page<ApiKey>> list(@Nullable String cursor, int limit);

    /** Deletes a key, which stops working at once. Returns false if the key did not exist. */
    Future<Boolean> delete(String id);
}
