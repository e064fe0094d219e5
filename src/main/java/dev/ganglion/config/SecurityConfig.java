package dev.ganglion.config;

import java.util.List;
import java.util.Optional;

/**
 * The brain's own secrets.
 *
 * @param masterSecret every project secret and token hash is derived from it
 * @param previousSecrets master secrets that are still accepted during a rotation
 * @param adminKey the first key of the REST interface; without one, one is made at first start
 */
public record SecurityConfig(Optional<Secret> masterSecret, List<Secret> previousSecrets, Optional<Secret> adminKey) {
    static SecurityConfig from(Values values) {
        return new SecurityConfig(
                values.optional(ConfigKeys.MASTER_SECRET),
                values.required(ConfigKeys.PREVIOUS_SECRETS),
                values.optional(ConfigKeys.ADMIN_KEY));
    }

    /** The master secret, without which nothing can be served. */
    public Secret requiredMasterSecret() {
        return masterSecret.orElseThrow(() -> new ConfigException(
                List.of("master-secret: is not set; give one of at least 32 bytes, in the configuration file, as"
                        + " GANGLION_MASTER_SECRET or in the file that GANGLION_MASTER_SECRET_FILE names")));
    }
}
