package dev.ganglion.store.redis;

import dev.ganglion.protocol.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The Lua scripts, from {@code lua/} on the class path. */
public enum Script {
    OPEN("open"),
    CLOSE("close"),
    ADVANCE("advance"),
    REGISTRY("registry"),
    INGEST("ingest"),
    DISPATCH("dispatch"),
    COMMAND_ISSUE("command_issue"),
    COMMAND_FRAME("command_frame"),
    COMMAND_EXPIRE("command_expire"),
    TOKEN_END("token_end"),
    JOURNAL("journal"),
    PROJECTION_ACQUIRE("projection_acquire"),
    PROJECTION_RELEASE("projection_release"),
    PROJECTION_APPLY("projection_apply"),
    ENGINE_REPORT("engine_report"),
    ENGINES_MENTIONED("engines_told"),
    USER_CREATE("user_create"),
    USER_UPDATE("user_update"),
    USER_DELETE("user_delete"),
    SESSION_OPEN("session_open"),
    SESSION_FIND("session_find"),
    API_KEY_USE("api_key_use"),
    LOGIN_ATTEMPT("login_attempt"),
    LOGIN_SUCCESS("login_success"),
    AUDIT_APPEND("audit_append"),
    AUDIT_TRIM("audit_trim"),
    AUDIT_REPAIR("audit_repair"),
    POLL_OPEN("poll_open"),
    POLL_ADMIT("poll_admit"),
    POLL_ACKS("poll_acks"),
    POLL_END("poll_end");

    private final String source;
    private final String sha;

    Script(String name) {
        source = read("/lua/" + name + ".lua");
        sha = Digests.sha1Hex(source);
    }

    public String source() {
        return source;
    }

    String sha() {
        return sha;
    }

    private static String read(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
