package dev.ganglion;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.TlsFiles;
import dev.ganglion.config.TlsPair;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of certificates of this node that have expired or are not valid yet. */
final class CertificateDates {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateDates.class);

    private CertificateDates() {}

    /** Reads the certificates of the HTTP port and of the bus port, and logs what is wrong with their dates. */
    static void check(GanglionConfig config, Instant now) {
        config.http().tls().ifPresent(files -> check("http.tls.cert", files, now));
        config.cluster().tls().ifPresent(tls -> check("cluster.tls.cert", new TlsFiles(tls.cert(), tls.key()), now));
    }

    private static void check(String key, TlsFiles files, Instant now) {
        try {
            TlsPair.read(files)
                    .invalidAt(now)
                    .ifPresent(problem -> LOG.atWarn()
                            .addKeyValue("key", key)
                            .addKeyValue("file", files.cert())
                            .log("The certificate {}; peers reject it, so replace it", problem));
        } catch (TlsPair.InvalidPairException e) {
            LOG.atDebug().setCause(e).log("The certificate changed since the configuration was checked");
        }
    }
}
