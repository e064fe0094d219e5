package dev.ganglion;

import io.vertx.core.dns.AddressResolverOptions;

/** Resolves host names anew for each connection, so that the brain notices when a name gets another address. */
final class HostNames {
    private static final int HOSTS_FILE_MS = 1_000;

    private HostNames() {}

    /** Returns options that keep no answer of a name server, and read the file of hosts again after a second. */
    static AddressResolverOptions fresh() {
        return new AddressResolverOptions()
                .setHostsRefreshPeriod(HOSTS_FILE_MS)
                .setCacheMinTimeToLive(0)
                .setCacheMaxTimeToLive(0)
                .setCacheNegativeTimeToLive(0);
    }
}
