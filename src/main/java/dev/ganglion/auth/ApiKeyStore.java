package dev.ganglion.auth;

import dev.ganglion.auth.ProjectStore.Page;
import io.vertx.core.Future;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where API keys are kept, by their hashes. */
public interface ApiKeyStore {
    /** Keeps a new key. */
    Future<Void> create(ApiKey key, String keyHash);

    /** Whose hash this is, if it has not ended by the store's clock; notes the use, at most once a minute. */
    Future<Optional<ApiKey>> use(String keyHash);

    /** Keys in the order they were made, those that ended too. */
    Future<Page<ApiKey>> list(@Nullable String cursor, int limit);

    /** Forgets a key, which is dead at once; false when there was none. */
    Future<Boolean> delete(String id);
}
