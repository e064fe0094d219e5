package dev.ganglion.auth;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stores projects. */
public interface ProjectStore {

    /** A page of a list. The cursor is null on the last page. */
    record Page<T>(List<T> items, @Nullable String nextCursor) {}

    /** Stores a new project. Fails with {@code conflict} if the slug is taken. */
    Future<Project> create(Project project);

    /** Finds the project with this slug. */
    Future<Optional<Project>> bySlug(String slug);

    /** Lists projects in order of creation. */
    Future<Page<Project>> list(@Nullable String cursor, int limit);

    /** Lists the existing projects among these ids, in order of creation. */
    Future<Page<Project>> listOf(Collection<String> ids, @Nullable String cursor, int limit);

    /** Returns the existing projects among these ids, in any order. */
    Future<List<Project>> byIds(Collection<String> ids);

    /** Stores a changed name and connection cap. */
    Future<Void> update(Project project);

    /** Deletes the project and its events. The caller must delete its agents first. */
    Future<Void> delete(Project project);
}
