package dev.ganglion.auth;

import dev.ganglion.config.Secret;
import dev.ganglion.protocol.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The master secret, and those before it that are still accepted during a rotation. */
public final class MasterSecrets {
    private final List<Secret> secrets;

    /** The current secret first. */
    public MasterSecrets(Secret current, List<Secret> previous) {
        List<Secret> all = new ArrayList<>();
        all.add(current);
        all.addAll(previous);
        this.secrets = List.copyOf(all);
    }

    /** How many there are, at least one. */
    public int count() {
        return secrets.size();
    }

    /** The hash under which a token is stored by secret {@code index}, 0 = the current one. */
    public String tokenHash(int index, String token) {
        return Keys.tokenHash(secrets.get(index).utf8(), token);
    }

    /** The 32-byte secret of a project by secret {@code index}. */
    public byte[] projectSecret(int index, String projectId) {
        return Keys.projectSecret(secrets.get(index).utf8(), UUID.fromString(projectId));
    }

    /** The key that the audit is chained with by secret {@code index}. */
    public byte[] auditKey(int index) {
        return Keys.auditKey(secrets.get(index).utf8());
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
