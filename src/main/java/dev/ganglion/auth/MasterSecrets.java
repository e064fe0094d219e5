package dev.ganglion.auth;

import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.KeyDerivation;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The master secret, and the previous ones that stay valid during a rotation. */
public final class MasterSecrets {
    private final List<Secret> secrets;

    /** Creates the list of secrets; the current one has index 0. */
    public MasterSecrets(Secret current, List<Secret> previous) {
        List<Secret> all = new ArrayList<>();
        all.add(current);
        all.addAll(previous);
        this.secrets = List.copyOf(all);
    }

    /** Number of secrets, at least 1. */
    public int count() {
        return secrets.size();
    }

    /** The hash of a token, computed with the secret at this index. */
    public String tokenHash(int index, String token) {
        return KeyDerivation.tokenHash(secrets.get(index).utf8(), token);
    }

    /** The 32-byte secret of a project, derived from the secret at this index. */
    public byte[] projectSecret(int index, String projectId) {
        return KeyDerivation.projectSecret(secrets.get(index).utf8(), UUID.fromString(projectId));
    }

    /** The key of the audit chain, derived from the secret at this index. */
    public byte[] auditKey(int index) {
        return KeyDerivation.auditKey(secrets.get(index).utf8());
    }

    /** The keys with which the nodes authenticate each other, one for each secret; the current one has index 0. */
    public List<byte[]> nodeKeys() {
        return secrets.stream()
                .map(secret -> KeyDerivation.nodeKey(secret.utf8()))
                .toList();
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
