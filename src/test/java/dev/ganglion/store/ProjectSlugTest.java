package dev.ganglion.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.Project;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a slug names, after it named something else. */
class ProjectSlugTest extends StoreTests {
    private final String slug = "p-" + UUID.randomUUID();

    private Project project() {
        return new Project(UUID.randomUUID().toString(), slug, "P", null, 1, Instant.EPOCH);
    }

    @Test
    void aSlugThatAnotherNodeGaveToAnotherProjectNamesThatOne() {
        Project first = project();
        store.await(store.projects.create(first));
        assertThat(store.await(store.projects.bySlug(slug))).contains(first);
        assertThat(store.await(store.projects.bySlug(slug))).contains(first);

        RedisProjects other = new RedisProjects(store.shared, store.events);
        store.await(other.delete(first));
        assertThat(store.await(store.projects.bySlug(slug))).isEmpty();
        Project second = project();
        store.await(other.create(second));
        assertThat(store.await(store.projects.bySlug(slug))).contains(second);
    }

    @Test
    void aRecordThatADeletionLeftBehindIsNobodys() {
        Project project = project();
        store.await(store.projects.create(project));
        assertThat(store.await(store.projects.bySlug(slug))).contains(project);

        redis.call("DEL", Keys.slug(slug));

        assertThat(store.await(store.projects.bySlug(slug))).isEmpty();
    }
}
