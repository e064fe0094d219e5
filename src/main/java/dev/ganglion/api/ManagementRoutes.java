package dev.ganglion.api;

import dev.ganglion.api.request.AllowedMethods;
import dev.ganglion.api.request.ErrorResponses;
import dev.ganglion.api.request.KnownParameters;
import dev.ganglion.auth.Bearer;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import dev.ganglion.socket.ResponseWriter;
import dev.ganglion.telemetry.Readiness;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the endpoints for orchestrators and scrapers: liveness, readiness and metrics. */
final class ManagementRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(ManagementRoutes.class);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final ApiServices.Management services;

    ManagementRoutes(ApiServices.Management services) {
        this.services = services;
    }

    void mount(Router router) {
        AllowedMethods.mountGet(router, "/healthz", ManagementRoutes::alive);
        AllowedMethods.mountGet(router, "/readyz", this::ready);
        AllowedMethods.mountGet(router, "/api/v1/health", ManagementRoutes::alive);
        AllowedMethods.mountGet(router, "/api/v1/health/ready", this::ready);
        AllowedMethods.mountGet(router, "/metrics", this::metrics);
    }

    private static void alive(RoutingContext context) {
        json(context, 200, new JsonObject().put("status", "ok"));
    }

    private void ready(RoutingContext context) {
        Readiness readiness = services.readiness();
        Map<String, String> faults = readiness.faults();
        JsonObject checks = new JsonObject();
        readiness.checkNames().forEach(part -> checks.put(part, faults.getOrDefault(part, "ok")));
        boolean ready = faults.isEmpty();
        if (!ready) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "5");
        }
        json(
                context,
                ready ? 200 : 503,
                new JsonObject().put("status", ready ? "ready" : "not ready").put("checks", checks));
    }

    private void metrics(RoutingContext context) {
        String authorization = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (!services.adminKey().admits(authorization) && !hasMetricsToken(authorization)) {
            ErrorResponses.answer(
                    context,
                    new GanglionException(
                            ErrorCode.UNAUTHORIZED,
                            "Authorization: send the admin key or metrics.token as a bearer token"));
            return;
        }
        KnownParameters.checkNone(context);
        context.response().putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT);
        ResponseWriter.end(
                        context.vertx(),
                        context.request(),
                        Buffer.buffer(services.scrape().get()))
                .onFailure(gone -> LOG.trace("The caller disconnected before the response was sent", gone));
    }

    private boolean hasMetricsToken(String authorization) {
        Optional<String> bearer = Bearer.of(authorization);
        return bearer.isPresent()
                && services.metricsToken().isPresent()
                && services.metricsToken().get().equals(Secret.of(bearer.get()));
    }

    private static void json(RoutingContext context, int status, JsonObject body) {
        context.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer())
                .onFailure(gone -> LOG.trace("The caller disconnected before the response was sent", gone));
    }
}
