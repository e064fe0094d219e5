package dev.ganglion.api;

import dev.ganglion.api.dashboard.CookieVisitors;
import dev.ganglion.api.dashboard.DashboardLimits;
import dev.ganglion.api.dashboard.Dashboards;
import dev.ganglion.api.dashboard.PageFiles;
import dev.ganglion.api.dashboard.PageRoutes;
import dev.ganglion.api.request.Access;
import dev.ganglion.api.request.AllowedMethods;
import dev.ganglion.api.request.AuditedCalls;
import dev.ganglion.api.request.Call;
import dev.ganglion.api.request.ErrorResponses;
import dev.ganglion.api.request.Parameters;
import dev.ganglion.api.request.PreparedContract;
import dev.ganglion.api.request.PublicContract;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RequestId;
import dev.ganglion.command.Verb;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.telemetry.Ticker;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.ext.web.openapi.router.OpenAPIRoute;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST interface. It serves one OpenAPI document and validates requests against it. */
public final class Api {
    private static final Logger LOG = LoggerFactory.getLogger(Api.class);
    private static final String CONTRACT = "openapi.yaml";
    private static final String BASE = "/api/v1";
    private static final long MAX_BODY_BYTES = 1024 * 1024;

    private final ApiServices services;
    private final PageFiles page;
    private final Dashboards dashboards;
    private final ClusterActivity vitals;
    private final AuditedCalls audited;

    private Api(Vertx vertx, ApiServices services, PageFiles page) {
        this.services = services;
        this.page = page;
        this.vitals = new ClusterActivity(
                services.membership().self(), services.nodes(), services.metrics(), services.clock());
        this.dashboards = new Dashboards(
                vertx,
                new CookieVisitors(services.people(), services.projects()),
                DashboardLimits.of(services.agentConfig()),
                services.readiness(),
                services.metrics(),
                Ticker.system());
        this.audited = new AuditedCalls(
                services.people(), services.clock(), services.metrics().loginsAndAudit());
    }

    /** Loads the document and creates the handler of all requests that do not come from agents. */
    public static Future<Handler<HttpServerRequest>> create(Vertx vertx, ApiServices services) {
        return OpenAPIContract.from(vertx, CONTRACT)
                .compose(document -> vertx.executeBlocking(() -> new PreparedContract(document)))
                .compose(contract -> vertx.executeBlocking(PageFiles::load).map(page -> {
                    Api api = new Api(vertx, services, page);
                    api.vitals.start(vertx);
                    api.dashboards.start();
                    return api.router(vertx, contract);
                }));
    }

    private Router router(Vertx vertx, OpenAPIContract contract) {
        Router router = Router.router(vertx);
        router.route().handler(Api::headers);
        new ManagementRoutes(services).mount(router);
        new PageRoutes(page).mount(router);
        router.get("/ws/dashboard").handler(dashboards::upgrade);
        AllowedMethods.rejectOthers(router, "/ws/dashboard", "GET");
        Reply document = Reply.ok(PublicContract.of(contract.getRawContract()));
        AllowedMethods.mountGet(router, BASE + "/openapi.json", context -> send(context, document));
        router.postWithRegex(BASE + "/projects/[^/]+/commands/[a-z_]*_[a-z_]*").handler(Api::rerouteToHyphens);
        Access access = new Access(contract, services.people(), services.projects(), audited);
        router.route(BASE + "/*").handler(access::handle);
        router.post(BASE + "/projects/:slug/commands/:verb").handler(Api::knownVerb);
        router.route(BASE + "/*").handler(context -> AllowedMethods.rejectOtherMethods(context, contract));
        router.route(BASE + "/*").subRouter(operations(vertx, contract));
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, context -> failed(context, status));
        }
        router.route().failureHandler(Api::failed);
        return router;
    }

    private Router operations(Vertx vertx, OpenAPIContract contract) {
        RouterBuilder builder = RouterBuilder.create(vertx, contract, new Parameters());
        builder.rootHandler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
        ProjectRoutes projects =
                new ProjectRoutes(services.projects(), services.agents(), services.nodes(), services.clock());
        CommandRoutes commands = new CommandRoutes(projects, services);
        handlers(projects, commands)
                .forEach((operation, handler) ->
                        bind(builder.getRoute(operation), operation, call -> audited.run(call, handler)));
        for (Verb verb : Verb.values()) {
            String operation = "issue:" + verb.route();
            bind(
                    builder.getRoute(operation),
                    operation,
                    call -> audited.runWithEarlyReads(call, looking -> commands.issue(verb, looking)));
        }
        for (String agents : List.of("uploadAgentFrames", "pollAgentCommands")) {
            // The gateway handles these operations before they reach this router.
            builder.getRoute(agents)
                    .setDoSecurity(false)
                    .setDoValidation(false)
                    .addHandler(context -> context.fail(404));
        }
        return builder.createRouter();
    }

    private Map<String, Function<Call, Future<Reply>>> handlers(ProjectRoutes projects, CommandRoutes commands) {
        AgentRoutes agents = new AgentRoutes(projects, services);
        EventRoutes events = new EventRoutes(projects, services.events(), services.registry());
        Map<String, Function<Call, Future<Reply>>> handlers = new LinkedHashMap<>();
        handlers.put("listProjects", projects::list);
        handlers.put("createProject", projects::create);
        handlers.put("getProject", projects::get);
        handlers.put("updateProject", projects::update);
        handlers.put("deleteProject", projects::delete);
        handlers.put("listAgents", agents::list);
        handlers.put("createAgent", agents::create);
        handlers.put("getAgent", agents::get);
        handlers.put("updateAgent", agents::update);
        handlers.put("revokeAgent", agents::revoke);
        handlers.put("rotateAgentToken", agents::rotate);
        handlers.put("listAgentWorkers", agents::workers);
        handlers.put("listAgentJournal", agents::journal);
        handlers.put("getOverview", new OverviewRoutes(projects, vitals)::overview);
        handlers.put("listEvents", events::events);
        handlers.put("listRegistry", events::registry);
        ProjectionRoutes projected = new ProjectionRoutes(projects, services.projected());
        handlers.put("listTasks", projected::tasks);
        handlers.put("getTask", projected::task);
        handlers.put("listEngineWorkers", projected::workers);
        handlers.put("listQueues", projected::queues);
        handlers.put("getStats", projected::stats);
        handlers.put("listDeadLetters", projected::deadLetters);
        ClusterRoutes cluster = new ClusterRoutes(services);
        handlers.put("getCluster", cluster::cluster);
        handlers.put("drainNode", cluster::drain);
        handlers.put("listCommands", commands::list);
        handlers.put("getCommand", commands::get);
        people(handlers, projects);
        return handlers;
    }

    private void people(Map<String, Function<Call, Future<Reply>>> handlers, ProjectRoutes projects) {
        SessionRoutes sessions = new SessionRoutes(services, audited);
        handlers.put("login", sessions::login);
        handlers.put("logout", sessions::logout);
        handlers.put("getMe", sessions::me);
        handlers.put("listSessions", sessions::list);
        handlers.put("revokeSession", sessions::revoke);
        UserRoutes users = new UserRoutes(services);
        handlers.put("getSetup", users::setupNeeded);
        handlers.put("setUp", users::setup);
        handlers.put("changePassword", users::changePassword);
        handlers.put("listUsers", users::list);
        handlers.put("createUser", users::create);
        handlers.put("getUser", users::get);
        handlers.put("updateUser", users::update);
        handlers.put("deleteUser", users::delete);
        ApiKeyRoutes keys = new ApiKeyRoutes(services);
        handlers.put("listApiKeys", keys::list);
        handlers.put("createApiKey", keys::create);
        handlers.put("deleteApiKey", keys::delete);
        AuditRoutes audit = new AuditRoutes(projects, services.people().audit());
        handlers.put("listAudit", audit::all);
        handlers.put("listProjectAudit", audit::ofProject);
    }

    private static void bind(OpenAPIRoute route, String operation, Function<Call, Future<Reply>> server) {
        route.addHandler(context -> {
            Future<Reply> reply;
            try {
                reply = server.apply(Call.of(context, operation));
            } catch (RuntimeException e) {
                context.fail(e);
                return;
            }
            reply.onSuccess(done -> send(context, done)).onFailure(context::fail);
        });
        route.addFailureHandler(Api::failed);
    }

    /** Accepts verbs with underscores too, by rerouting to the path with hyphens. */
    private static void rerouteToHyphens(RoutingContext context) {
        String path = context.normalizedPath();
        int verb = path.lastIndexOf('/');
        context.reroute(path.substring(0, verb) + path.substring(verb).replace('_', '-'));
    }

    /** Rejects an unknown verb. Otherwise the router would take the verb for a command id and reject POST. */
    private static void knownVerb(RoutingContext context) {
        if (Verb.ofRoute(context.pathParam("verb")).isPresent()) {
            context.next();
        } else {
            context.fail(new GanglionException(ErrorCode.NOT_FOUND, "verb: no such command", "verb"));
        }
    }

    private static void headers(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Request-Id", RequestId.of(context))
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (hasReadableQuery(context)) {
            context.next();
        } else {
            ErrorResponses.answer(
                    context, new GanglionException(ErrorCode.INVALID_REQUEST, "query: must be percent-encoded"));
        }
    }

    /**
     * Checks the query first. The router would otherwise parse it before any of these routes and answer an unreadable
     * query with its own error format.
     */
    private static boolean hasReadableQuery(RoutingContext context) {
        try {
            return context.queryParams() != null;
        } catch (HttpException | IllegalArgumentException e) {
            return false;
        }
    }

    private static void failed(RoutingContext context) {
        failed(context, context.statusCode());
    }

    /** Handles rejections by the router itself, whose context contains neither a failure nor a status. */
    private static void failed(RoutingContext context, int status) {
        Throwable failure = context.failure();
        ErrorResponses.answer(context, failure == null ? new HttpException(status) : failure);
    }

    private static void send(RoutingContext context, Reply reply) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        context.response().setStatusCode(reply.status());
        reply.headers().forEach((name, value) -> context.response().putHeader(name, value));
        Future<Void> sent = reply.body() == null
                ? context.response().end()
                : context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(reply.body());
        sent.onFailure(gone -> LOG.trace("The caller disconnected before the response was sent", gone));
    }
}
