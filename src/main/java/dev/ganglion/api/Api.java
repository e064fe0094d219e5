package dev.ganglion.api;

import dev.ganglion.api.dashboard.CookieVisitors;
import dev.ganglion.api.dashboard.DashboardLimits;
import dev.ganglion.api.dashboard.Dashboards;
import dev.ganglion.api.dashboard.PageFiles;
import dev.ganglion.api.dashboard.PageRoutes;
import dev.ganglion.api.people.PeopleOperations;
import dev.ganglion.api.project.ProjectOperations;
import dev.ganglion.api.request.Access;
import dev.ganglion.api.request.AllowedMethods;
import dev.ganglion.api.request.AnswerBudget;
import dev.ganglion.api.request.AuditedCalls;
import dev.ganglion.api.request.ErrorResponses;
import dev.ganglion.api.request.KnownParameters;
import dev.ganglion.api.request.Operations;
import dev.ganglion.api.request.Parameters;
import dev.ganglion.api.request.PreparedContract;
import dev.ganglion.api.request.PublicContract;
import dev.ganglion.api.request.QueryText;
import dev.ganglion.api.request.Reply;
import dev.ganglion.api.request.RequestBodies;
import dev.ganglion.api.request.RequestId;
import dev.ganglion.api.request.RequestServices;
import dev.ganglion.api.request.WaitingCalls;
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
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.contract.OpenAPIContract;
import java.util.List;
import java.util.Map;

/** The REST interface. It serves one OpenAPI document and validates requests against it. */
public final class Api {
    private static final String CONTRACT = "openapi.yaml";
    private static final String BASE = "/api/v1";
    private static final String DASHBOARD = "/ws/dashboard";
    /** Operations that the gateway handles before they reach this router. */
    private static final List<String> GATEWAY_OPERATIONS = List.of("uploadAgentFrames", "pollAgentCommands");

    private final ApiServices services;
    private final PageFiles page;
    private final Dashboards dashboards;
    private final ClusterActivity activity;
    private final AuditedCalls audited;

    private Api(Vertx vertx, ApiServices services, PageFiles page) {
        this.services = services;
        this.page = page;
        this.activity = new ClusterActivity(
                services.cluster().membership().self(),
                services.cluster().nodes(),
                services.metrics(),
                services.clock(),
                Ticker.system());
        this.dashboards = new Dashboards(
                vertx,
                new CookieVisitors(services.request()),
                DashboardLimits.of(services.agentConfig()),
                services.management().readiness(),
                services.metrics(),
                Ticker.system());
        this.audited = new AuditedCalls(
                services.request(), services.clock(), services.metrics().loginsAndAudit());
    }

    /** Loads the document and creates the handler of all requests that do not come from agents. */
    public static Future<Handler<HttpServerRequest>> create(Vertx vertx, ApiServices services) {
        return OpenAPIContract.from(vertx, CONTRACT)
                .compose(document -> vertx.executeBlocking(() -> new PreparedContract(document)))
                .compose(contract -> vertx.executeBlocking(PageFiles::load).map(page -> {
                    Api api = new Api(vertx, services, page);
                    api.activity.start(vertx);
                    api.dashboards.start();
                    return api.router(vertx, contract);
                }));
    }

    private Router router(Vertx vertx, OpenAPIContract contract) {
        Router router = Router.router(vertx);
        router.route().handler(Api::headers);
        new ManagementRoutes(services.management()).mount(router);
        new PageRoutes(page).mount(router);
        router.get(DASHBOARD).handler(dashboards::upgrade);
        AllowedMethods.rejectOthers(router, DASHBOARD, "GET");
        Reply document = Reply.ok(PublicContract.of(contract.getRawContract()));
        AllowedMethods.mountGet(router, BASE + "/openapi.json", context -> {
            KnownParameters.checkNone(context);
            document.sendTo(context);
        });
        router.postWithRegex(BASE + "/projects/[^/]+/commands/[a-z_]*_[a-z_]*").handler(Api::rerouteToHyphens);
        Access access = new Access(contract, services.request(), audited);
        router.route(BASE + "/*").handler(access::handle);
        router.post(BASE + "/projects/:slug/commands/:verb").handler(Api::rejectUnknownVerb);
        router.route(BASE + "/*").handler(context -> AllowedMethods.rejectOtherMethods(context, contract));
        WaitingCalls waiting = new WaitingCalls(access);
        waiting.start(vertx);
        router.route(BASE + "/*").subRouter(operations(vertx, contract, waiting));
        for (int status : new int[] {400, 404, 405, 406, 413, 415, 500}) {
            router.errorHandler(status, context -> ErrorResponses.answer(context, status));
        }
        router.route().failureHandler(ErrorResponses::answer);
        return router;
    }

    /** Creates the router of the document's operations, each with its handler. */
    private Router operations(Vertx vertx, OpenAPIContract contract, WaitingCalls waiting) {
        RouterBuilder builder = RouterBuilder.create(vertx, contract, new Parameters());
        RequestServices request = services.request();
        RequestBodies bodies = new RequestBodies(request.budgets().uploads(), request.source());
        builder.rootHandler(bodies::read);
        AnswerBudget answers = new AnswerBudget(
                vertx, request.budgets().answers(), services.agentConfig().maxFrameSize());
        Operations operations = new Operations(audited, request.sameStore(), answers, request.source());
        new ClusterRoutes(services.cluster()).addTo(operations);
        new OverviewRoutes(activity).addTo(operations);
        ProjectOperations.addTo(
                operations, services.project(), waiting, services.cluster().nodes(), services.clock());
        PeopleOperations.addTo(
                operations,
                services.people(),
                request.source(),
                audited,
                services.cluster().nodes(),
                services.clock());
        operations.bindTo(builder);
        for (String operationId : GATEWAY_OPERATIONS) {
            builder.getRoute(operationId)
                    .setDoSecurity(false)
                    .setDoValidation(false)
                    .addHandler(context -> context.fail(404));
        }
        return builder.createRouter();
    }

    /** Accepts verbs with underscores too, by rerouting to the path with hyphens. */
    private static void rerouteToHyphens(RoutingContext context) {
        String path = context.normalizedPath();
        int verb = path.lastIndexOf('/');
        context.reroute(path.substring(0, verb) + path.substring(verb).replace('_', '-'));
    }

    /** Rejects an unknown verb. Otherwise the router would take the verb for a command id and reject POST. */
    private static void rejectUnknownVerb(RoutingContext context) {
        if (Verb.ofRoute(context.pathParam("verb")).isPresent()) {
            context.next();
        } else {
            context.fail(new GanglionException(ErrorCode.NOT_FOUND, "verb: no such command", "verb"));
        }
    }

    /**
     * Checks the query first. The router would otherwise parse it before any of these routes and answer an unreadable
     * query with its own error format.
     */
    private static void headers(RoutingContext context) {
        context.response()
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Request-Id", RequestId.of(context))
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        try {
            Map<String, List<String>> unused = QueryText.of(context);
            context.next();
        } catch (GanglionException e) {
            ErrorResponses.answer(context, e);
        }
    }
}
