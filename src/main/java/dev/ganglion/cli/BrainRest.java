package dev.ganglion.cli;

import dev.ganglion.RunningBrain;
import dev.ganglion.agent.BrainAddress;
import dev.ganglion.config.value.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls a brain's REST interface from the command line. Every call blocks. */
final class BrainRest implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;

    private final BrainAddress brain;
    private final Secret key;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final HttpClient client;

    BrainRest(BrainAddress brain, Secret key, @Nullable Path trusted) {
        this.brain = brain;
        this.key = key;
        HttpClientOptions options = new HttpClientOptions()
                .setDefaultHost(brain.host())
                .setDefaultPort(brain.port())
                .setSsl(brain.tls())
                .setConnectTimeout(CONNECT_MILLIS);
        if (trusted != null) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(trusted.toString()));
        }
        this.client = vertx.createHttpClient(options);
    }

    /** Signals an error response; the message is the brain's error message. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;

        RefusedException(int status, String message) {
            super(message);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /**
     * Sends a GET request.
     *
     * @param path path below {@code /api/v1}
     */
    JsonObject get(String path, Duration limit) throws Exception {
        return call(HttpMethod.GET, path, Buffer.buffer(), limit);
    }

    /** Sends a POST request with a JSON object. */
    JsonObject post(String path, JsonObject body, Duration limit) throws Exception {
        return call(HttpMethod.POST, path, body.toBuffer(), limit);
    }

    /** Blocks for this time. */
    void pause(Duration time) throws Exception {
        Object unused = RunningBrain.await(vertx.timer(time.toMillis(), TimeUnit.MILLISECONDS), time.multipliedBy(2));
    }

    private JsonObject call(HttpMethod method, String path, Buffer body, Duration limit) throws Exception {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setURI(brain.basePath() + "/api/v1" + path)
                .setIdleTimeout(limit.toMillis());
        Future<Answer> pending = client.request(options)
                .compose(request -> request.putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key.value())
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .send(body))
                .compose(response -> response.body().map(text -> new Answer(response, text)));
        Answer answer;
        try {
            answer = RunningBrain.await(pending, limit.plusMillis(CONNECT_MILLIS));
        } catch (IOException | TimeoutException | VertxException e) {
            throw new IOException(
                    "the brain at " + brain.toString().replaceFirst("^ws", "http") + " cannot be reached: "
                            + e.getMessage(),
                    e);
        }
        return answer.json();
    }

    private record Answer(HttpClientResponse response, Buffer body) {
        JsonObject json() throws RefusedException {
            JsonObject json;
            try {
                json = body.length() == 0 ? new JsonObject() : new JsonObject(body);
            } catch (DecodeException e) {
                throw new RefusedException(
                        response.statusCode(),
                        "HTTP " + response.statusCode() + ": the server is not a Ganglion brain");
            }
            if (response.statusCode() >= 400) {
                throw new RefusedException(
                        response.statusCode(),
                        json.getString("message", "the brain rejected the request") + " (" + response.statusCode() + " "
                                + json.getString("error", "") + ")");
            }
            return json;
        }
    }

    @Override
    public void close() {
        vertx.close();
    }
}
