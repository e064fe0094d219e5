package dev.ganglion.auth;

/**
 * The secret that signs a project's frames. During a rotation, the index of its master secret distinguishes two secrets
 * of one project.
 */
public final class ProjectSecret {
    private final String projectId;
    private final int master;
    private final byte[] bytes;

    ProjectSecret(String projectId, int master, byte[] bytes) {
        this.projectId = projectId;
        this.master = master;
        this.bytes = bytes;
    }

    /** A name for caches. The name is not secret. */
    public String name() {
        return projectId + "/" + master;
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
