package dev.ganglion.cli;

import dev.ganglion.Brain;
import dev.ganglion.RunningBrain;
import dev.ganglion.auth.Agent;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.Project;
import dev.ganglion.dev.DemoProject;
import dev.ganglion.protocol.KeyDerivation;
import dev.ganglion.store.RedisStores;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Creates the demo project and its agents in the stores of a brain in this process. */
final class StoreEnrolment implements DemoProject.Enrolment {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final RedisStores stores;
    private final MasterSecrets masters;

    StoreEnrolment(Brain brain) {
        this.stores = brain.stores();
        this.masters = brain.masters();
    }

    @Override
    public String project(String slug, String name) throws Exception {
        Optional<Project> existing = find(slug);
        if (existing.isPresent()) {
            return existing.get().id();
        }
        Project project = new Project(UUID.randomUUID().toString(), slug, name, null, 1, now());
        return RunningBrain.await(stores.projects().create(project), LIMIT).id();
    }

    @Override
    public boolean has(String slug, String agentId) throws Exception {
        return RunningBrain.await(stores.agents().find(find(slug).orElseThrow(), agentId), LIMIT)
                .isPresent();
    }

    @Override
    public DemoProject.NewAgent enrol(String slug, String name) throws Exception {
        Project project = find(slug).orElseThrow();
        String token = KeyDerivation.newAgentToken();
        Agent agent = new Agent(UUID.randomUUID().toString(), project.id(), name, null, now());
        Future<Void> created = stores.agents().create(project, agent, masters.tokenHash(0, token));
        Void unused = RunningBrain.await(created, LIMIT);
        return new DemoProject.NewAgent(agent.id(), token);
    }

    private Optional<Project> find(String slug) throws Exception {
        return RunningBrain.await(stores.projects().bySlug(slug), LIMIT);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
}
