package dev.ganglion.store.redis;

import dev.ganglion.protocol.Digests;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The Lua scripts, from {@code lua/} on the class path, in one folder per capability. */
public enum Script {
    OPEN("frame/open", Script.SLOT),
    CLOSE("frame/close", Script.SLOT),
    ADVANCE("frame/advance", Script.SLOT),
    REGISTRY("frame/registry", Script.SLOT),
    REPORT_WORKERS("frame/report_workers", Script.SLOT),
    INGEST("frame/ingest", Script.SLOT),
    DISPATCH("frame/dispatch", Script.SLOT),
    COMMAND_ISSUE("command/command_issue"),
    COMMAND_ASK("command/command_ask"),
    COMMAND_FRAME("frame/command_frame", Script.SLOT),
    COMMAND_EXPIRE("command/command_expire"),
    RECONCILED("event/reconciled"),
    TOKEN_END("agent/token_end"),
    JOURNAL("journal/journal"),
    ACQUIRE_PROJECTION("projection/acquire", Script.FULL),
    RELEASE_PROJECTION("projection/release", Script.FULL),
    APPLY_STEP("projection/apply", Script.NEWEST),
    TRIM_SEGMENTS("projection/trim"),
    ENGINE_REPORT("projection/engine_report", Script.NEWEST),
    ENGINES_MENTIONED("projection/engines_told"),
    USER_CREATE("people/user_create"),
    USER_UPDATE("people/user_update", Script.FULL),
    USER_DELETE("people/user_delete"),
    SESSION_OPEN("people/session_open", Script.FULL),
    SESSION_FIND("people/session_find", Script.FULL),
    API_KEY_USE("people/api_key_use", Script.FULL),
    LOGIN_ATTEMPT("people/login_attempt", Script.FULL),
    LOGIN_SUCCESS("people/login_success"),
    AUDIT_APPEND("people/audit_append", Script.FULL),
    AUDIT_TRIM("people/audit_trim", Script.FULL),
    AUDIT_REPAIR("people/audit_repair"),
    AUDIT_REFUSED("people/audit_refused"),
    EVEN_IF_FULL("store/even_if_full", Script.FULL),
    RAISE_LAYOUT("store/raise_layout", Script.FULL),
    POLL_OPEN("frame/poll_open", Script.SLOT),
    POLL_ADMIT("frame/poll_admit", Script.SLOT),
    POLL_ACKS("frame/poll_acks", Script.SLOT),
    POLL_END("frame/poll_end", Script.SLOT);

    /** The function for writes that a full Redis must not refuse. */
    private static final String FULL = "store/full";
    /** Functions for slots. */
    private static final String SLOT = "frame/slot";
    /** Functions for hashes that keep the fields written last. */
    private static final String NEWEST = "projection/newest";

    private final String source;
    private final String sha;

    /**
     * Reads a script.
     *
     * @param name path of the script below {@code lua/}
     * @param shared paths of files with functions that the script uses; their text precedes the script
     */
    Script(String name, String... shared) {
        StringBuilder text = new StringBuilder();
        for (String functions : shared) {
            text.append(read("/lua/" + functions + ".lua"));
        }
        source = text.append(read("/lua/" + name + ".lua")).toString();
        sha = Digests.sha1Hex(source);
    }

    /** The text that Redis loads. */
    public String source() {
        return source;
    }

    /** The name under which Redis runs the loaded script. */
    String sha() {
        return sha;
    }

    /** Returns the calls that load all scripts. */
    static List<Request> loading() {
        List<Request> requests = new ArrayList<>();
        for (Script script : values()) {
            requests.add(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source()));
        }
        return requests;
    }

    private static String read(String resource) {
        try (InputStream in = Script.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the jar does not contain " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
