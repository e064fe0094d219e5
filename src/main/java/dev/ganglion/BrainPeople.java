package dev.ganglion;

import dev.ganglion.api.people.PeopleServices;
import dev.ganglion.api.request.RequestServices;
import dev.ganglion.api.request.RequestSource;
import dev.ganglion.auth.MasterSecrets;
import dev.ganglion.auth.ProjectStore;
import dev.ganglion.auth.audit.AuditChain;
import dev.ganglion.auth.audit.AuditTrail;
import dev.ganglion.auth.people.AdminKey;
import dev.ganglion.auth.people.Passwords;
import dev.ganglion.auth.people.Principals;
import dev.ganglion.budget.NodeBudgets;
import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.value.Cidr;
import dev.ganglion.gateway.ClientAddress;
import dev.ganglion.store.people.PeopleStores;
import dev.ganglion.telemetry.LoginAndAuditMetrics;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Assembles the parts for users: authentication, and the audit of their actions. */
final class BrainPeople {
    private static final Duration SETTLE_INTERVAL = Duration.ofMinutes(1);
    private static final Logger LOG = LoggerFactory.getLogger(BrainPeople.class);

    private final Vertx vertx;
    private final PeopleStores stores;
    private final List<Cidr> proxies;
    private final Clock clock;
    private final String node;
    private final Passwords passwords;
    private final AuditTrail trail;
    private long settleTimer = -1;

    BrainPeople(
            Vertx vertx, PeopleStores stores, MasterSecrets masters, GanglionConfig config, Clock clock, String node) {
        this.vertx = vertx;
        this.stores = stores;
        this.proxies = config.http().trustedProxies();
        this.clock = clock;
        this.node = node;
        this.passwords = new Passwords(vertx);
        this.trail = new AuditTrail(
                stores.audit(),
                new AuditChain(masters),
                config.security().auth().auditRecords());
    }

    /** Starts to settle, once a minute, the audited actions whose node died before it recorded their outcome. */
    void start() {
        settleTimer = vertx.setPeriodic(
                0,
                SETTLE_INTERVAL.toMillis(),
                timer -> trail.settle(clock.instant())
                        .onFailure(failure -> LOG.atDebug()
                                .setCause(failure)
                                .log("Could not check the audit log for unfinished actions")));
    }

    Future<Void> stop() {
        vertx.cancelTimer(settleTimer);
        return passwords.close();
    }

    /** Returns the services that authenticate, authorize and audit REST requests. */
    RequestServices request(
            AdminKey adminKey, ProjectStore projects, Supplier<Future<Void>> sameStore, NodeBudgets budgets) {
        Principals principals = new Principals(adminKey, stores.apiKeys(), stores.sessions());
        return new RequestServices(
                principals, projects, new Source(proxies), trail, stores.auditLog(), sameStore, node, budgets);
    }

    /** Returns the services for users, logins, API keys and the audit log. */
    PeopleServices people(ProjectStore projects, LoginAndAuditMetrics metrics) {
        return new PeopleServices(
                new PeopleServices.Logins(stores.users(), stores.sessions(), stores.throttle(), passwords),
                stores.apiKeys(),
                stores.auditLog(),
                projects,
                metrics);
    }

    private record Source(List<Cidr> proxies) implements RequestSource {
        @Override
        public String address(HttpServerRequest request) {
            return ClientAddress.of(request, proxies);
        }

        @Override
        public boolean secure(HttpServerRequest request) {
            return ClientAddress.isSecure(request, proxies);
        }
    }
}
