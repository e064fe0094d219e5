package dev.ganglion.store.fault;

import dev.ganglion.config.RedisConfig;
import dev.ganglion.telemetry.StoreFault;
import dev.ganglion.telemetry.StoreFault.Reason;
import java.security.GeneralSecurityException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells why TLS with a Redis server failed, and which setting is likely to be wrong. */
final class TlsFaults {
    private final RedisConfig config;

    TlsFaults(RedisConfig config) {
        this.config = config;
    }

    /** Returns the fault of a failed handshake, or null if the failure has another cause. */
    @Nullable
    StoreFault read(Throwable failure) {
        if (!(failure instanceof SSLException) && !(failure instanceof GeneralSecurityException)) {
            return null;
        }
        String cause = rootText(failure);
        if (cause.contains("not an SSL/TLS record")) {
            return fault("the server does not use TLS at this port: use redis:// instead of rediss:// in redis.uri");
        }
        if (cause.contains("handshake timed out")) {
            return fault("the server did not answer the TLS handshake; if it does not use TLS at this port,"
                    + " use redis:// instead of rediss:// in redis.uri");
        }
        return fault(cause + hint(cause.toLowerCase(Locale.ROOT)));
    }

    private String hint(String cause) {
        if (cause.contains("certification path") || cause.contains("path building") || cause.contains("trust anchor")) {
            return config.ca().isPresent()
                    ? "; the authority that signed the server's certificate is not in the file of redis.tls.ca"
                    : "; set redis.tls.ca to a file with the authority that signed the server's certificate";
        }
        if (cause.contains("subject alternative") || cause.contains("no name matching")) {
            return "; write a host name into redis.uri that the server's certificate contains";
        }
        if (cause.contains("notafter") || cause.contains("expired")) {
            return "; the certificate has expired: renew it";
        }
        if (cause.contains("notbefore") || cause.contains("not yet valid")) {
            return "; the certificate is not valid yet: check the clocks";
        }
        if (cause.contains("certificate_required") || cause.contains("bad_certificate")) {
            return "; the brain sends no client certificate: set tls-auth-clients no in redis.conf";
        }
        if (cause.contains("protocol_version") || cause.contains("handshake_failure")) {
            return "; the brain and the server have no TLS version or cipher in common";
        }
        return "";
    }

    private static String rootText(Throwable failure) {
        Throwable root = failure;
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each.getMessage() != null) {
                root = each;
            }
        }
        return FaultReader.text(root);
    }

    private static StoreFault fault(String detail) {
        return StoreFault.of(Reason.TLS, detail);
    }
}
