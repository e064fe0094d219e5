package dev.ganglion.gateway;

import dev.ganglion.config.TlsFiles;
import dev.ganglion.config.TlsPair;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads the TLS certificate of the HTTP port, and reloads it while the node runs. */
final class ServerTls {
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private ServerTls() {}

    static PemKeyCertOptions of(TlsFiles files) {
        return new PemKeyCertOptions()
                .addCertPath(files.cert().toString())
                .addKeyPath(files.key().toString());
    }

    /**
     * Checks the files for changes every 5 s. Adopts a changed certificate only with the key that belongs to it;
     * otherwise the previous ones stay in use.
     */
    static void reload(Vertx vertx, HttpServer server, TlsFiles files, Clock clock) {
        long[] seen = {stamp(files)};
        vertx.setPeriodic(
                CHECK_INTERVAL.toMillis(),
                timer -> vertx.executeBlocking(() -> stamp(files), false)
                        .onSuccess(now -> {
                            if (now != seen[0]) {
                                seen[0] = now;
                                update(vertx, server, files, clock);
                            }
                        })
                        .onFailure(failure ->
                                LOG.atWarn().setCause(failure).log("Could not check the TLS certificate for changes")));
    }

    private static void update(Vertx vertx, HttpServer server, TlsFiles files, Clock clock) {
        vertx.executeBlocking(() -> TlsPair.read(files), false)
                .compose(pair -> {
                    warnOfInvalidity(pair, files, clock);
                    PemKeyCertOptions options = new PemKeyCertOptions()
                            .addCertValue(Buffer.buffer(pair.certPem()))
                            .addKeyValue(Buffer.buffer(pair.keyPem()));
                    return server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(options), true);
                })
                .onSuccess(done -> LOG.info("Reloaded the TLS certificate"))
                .onFailure(failure -> LOG.atError()
                        .addKeyValue("reason", failure.getMessage())
                        .log("Could not load the changed TLS certificate; the previous one stays in use"));
    }

    private static void warnOfInvalidity(TlsPair pair, TlsFiles files, Clock clock) {
        pair.invalidAt(clock.instant())
                .ifPresent(problem -> LOG.atWarn()
                        .addKeyValue("file", files.cert())
                        .log("The TLS certificate {}; agents and browsers will reject it", problem));
    }

    private static long stamp(TlsFiles files) {
        try {
            return Files.getLastModifiedTime(files.cert()).toMillis() * 31
                    + Files.getLastModifiedTime(files.key()).toMillis();
        } catch (IOException e) {
            return -1;
        }
    }
}
