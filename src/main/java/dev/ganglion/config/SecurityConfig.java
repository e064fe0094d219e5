package dev.ganglion.config;

import dev.ganglion.config.key.ConfigKeys;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.config.value.Secret;
import java.util.List;
import java.util.Optional;

/**
 * Holds the brain's own secrets, and the settings for user logins and the audit log.
 *
 * @param masterSecret secret from which all signing secrets and token hashes are derived
 * @param previousSecrets master secrets that the brain still accepts during a rotation
 * @param adminKey first key for REST; if absent, the brain creates one at its first start
 * @param auth user logins and the audit log
 */
public record SecurityConfig(
        Optional<Secret> masterSecret, List<Secret> previousSecrets, Optional<Secret> adminKey, AuthConfig auth) {
    static SecurityConfig from(CheckedValues values) {
        return new SecurityConfig(
                values.optional(ConfigKeys.MASTER_SECRET),
                values.required(ConfigKeys.PREVIOUS_SECRETS),
                values.optional(ConfigKeys.ADMIN_KEY),
                AuthConfig.from(values));
    }

    /**
     * Returns the master secret.
     *
     * @throws ConfigException if the master secret is not set
     */
    public Secret requiredMasterSecret() {
        return masterSecret.orElseThrow(() -> new ConfigException(
                List.of("master-secret: is not set; set a secret of at least 32 bytes in the configuration file, as"
                        + " GANGLION_MASTER_SECRET, or in the file that GANGLION_MASTER_SECRET_FILE names")));
    }
}
