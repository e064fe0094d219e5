package dev.ganglion.auth;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where projects are kept. */
public interface ProjectStore {

    /** A page of a list; the cursor is null at the end. */
    record Page<T>(List<T> items, @Nullable String nextCursor) {}

    /** Keeps a new project; fails with {@code conflict} when the slug is taken. */
    Future<Project> create(Project project);

    /** The project of that slug. */
    Future<Optional<Project>> bySlug(String slug);

    /** Projects in the order they were made. */
    Future<Page<Project>> list(@Nullable String cursor, int limit);

    /** Those of these projects that there are, in the order they were made. */
    Future<Page<Project>> listOf(Collection<String> ids, @Nullable String cursor, int limit);

    /** Those of these projects that there are, in any order. */
    Future<List<Project>> byIds(Collection<String> ids);

    /** Keeps a changed name and cap. */
    Future<Void> update(Project project);

    /** Drops the project with its events; its agents must be gone. */
    Future<Void> delete(Project project);
}
