package dev.ganglion.store.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.auth.Project;
import dev.ganglion.store.StoreTests;
import dev.ganglion.store.redis.RedisKeys;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests which project a slug names after the slug was given to another project. */
class ProjectSlugTest extends StoreTests {
    /** Creates projects whose slugs and ids end in their numbers. */
    private static final String MANY = """
            for i = 1, ARGV[1] do
              redis.call('SET', 'ganglion:slug:' .. ARGV[2] .. i, 'id-' .. i)
              redis.call('HSET', '{id-' .. i .. '}', 'slug', ARGV[2] .. i, 'name', 'P', 'shards', 1, 'created_at', 0)
            end""";

    private static final int AT_ONCE = 500;

    private final String slug = "p-" + UUID.randomUUID();

    private Project project() {
        return new Project(UUID.randomUUID().toString(), slug, "P", null, 1, Instant.EPOCH);
    }

    @Test
    void findsTheNewProjectOfASlugThatAnotherNodeReassigned() {
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
    void ignoresARecordWithoutItsSlug() {
        Project project = project();
        store.await(store.projects.create(project));
        assertThat(store.await(store.projects.bySlug(slug))).contains(project);

        redis.call("DEL", RedisKeys.slug(slug));

        assertThat(store.await(store.projects.bySlug(slug))).isEmpty();
    }

    @Test
    void findsMoreProjectsThanTheNodeRemembers() {
        RedisProjects projects = new RedisProjects(store.shared, store.events);
        int many = RedisProjects.SLUGS + 1;
        redis.call("EVAL", MANY, "0", String.valueOf(many), slug);
        for (int from = 1; from <= many; from += AT_ONCE) {
            assertThatEachNamesItsProject(projects, from, Math.min(many, from + AT_ONCE - 1));
            assertThat(projects.remembered()).isBetween(1, RedisProjects.SLUGS);
        }

        redis.call("SET", RedisKeys.slug(slug + many), "id-1");
        redis.call("DEL", RedisKeys.slug(slug + 2));
        assertThat(store.await(projects.bySlug(slug + many)).orElseThrow().id()).isEqualTo("id-1");
        assertThat(store.await(projects.bySlug(slug + 2))).isEmpty();
        assertThatEachNamesItsProject(projects, 3, AT_ONCE);
    }

    private void assertThatEachNamesItsProject(RedisProjects projects, int from, int to) {
        List<Future<Optional<Project>>> found = IntStream.rangeClosed(from, to)
                .mapToObj(i -> projects.bySlug(slug + i))
                .toList();
        store.await(Future.all(found));
        assertThat(found)
                .extracting(each -> each.result().orElseThrow().id())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(from, to).mapToObj(i -> "id-" + i).toList());
    }
}
