package dev.ganglion.auth;

/** The secret that a project's frames are signed with; of which master it was derived tells two apart. */
public final class ProjectSecret {
    private final String projectId;
    private final int master;
    private final byte[] bytes;

    ProjectSecret(String projectId, int master, byte[] bytes) {
        this.projectId = projectId;
        this.master = master;
        this.bytes = bytes;
    }

    /** A key for caches; not secret. */
    public String name() {
        return projectId + "/" + master;
    }

    /** The 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
