package dev.ganglion.gateway;

import dev.ganglion.config.TlsFiles;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port's certificate, and its change while the node runs. */
final class ServerTls {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

    private ServerTls() {}

    static PemKeyCertOptions of(TlsFiles files) {
        return new PemKeyCertOptions()
                .addCertPath(files.cert().toString())
                .addKeyPath(files.key().toString());
    }

    /** Looks for a changed file now and then; a certificate that cannot be used leaves the old one in place. */
    static void reload(Vertx vertx, HttpServer server, TlsFiles files) {
        long[] seen = {stamp(files)};
        vertx.setPeriodic(
                LOOK.toMillis(),
                timer -> vertx.executeBlocking(() -> stamp(files), false)
                        .onSuccess(now -> {
                            if (now != seen[0]) {
                                seen[0] = now;
                                update(server, files);
                            }
                        })
                        .onFailure(
                                failure -> LOG.atWarn().setCause(failure).log("the certificate cannot be looked at")));
    }

    private static void update(HttpServer server, TlsFiles files) {
        server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(of(files)), true)
                .onSuccess(done -> LOG.info("the certificate was read again"))
                .onFailure(failure -> LOG.atError()
                        .setCause(failure)
                        .log("the changed certificate cannot be used, the old one stays"));
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
