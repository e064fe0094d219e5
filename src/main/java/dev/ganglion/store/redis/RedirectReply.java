package dev.ganglion.store.redis;

import dev.ganglion.config.value.RedisAddress;
import io.vertx.redis.client.Response;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Recognises error replies of a server that does not serve a call. Such a call had no effect on that server. */
final class RedirectReply {
    /** The start of an error reply, with or without the call's index in a batch, such as {@code ERR [3]}. */
    private static final String START = "(?m)^(ERR \\[\\d+] )?";

    private static final Pattern SERVED_ELSEWHERE = Pattern.compile(START + "(MOVED|READONLY|CLUSTERDOWN|MASTERDOWN) ");
    private static final Pattern SLOT_MIGRATING = Pattern.compile(START + "(ASK|TRYAGAIN) ");

    private static final Pattern SCRIPT_MISSING = Pattern.compile(START + "NOSCRIPT ");
    private static final Pattern MOVED = Pattern.compile(START + "MOVED \\d+ (\\S+):(\\d{1,5})\\s*$");

    private RedirectReply() {}

    /**
     * The server that serves the slot now, if the reply names it. The server that replied learns of a move before the
     * others do.
     */
    static Optional<RedisAddress> newMaster(Throwable failure) {
        Matcher moved = MOVED.matcher(message(failure));
        return moved.find()
                ? Optional.of(RedisAddress.named(moved.group(2), Integer.parseInt(moved.group(3))))
                : Optional.empty();
    }

    /** Whether another server took over or is about to. Connecting again finds that server. */
    static boolean servedElsewhere(Throwable failure) {
        return matches(SERVED_ELSEWHERE, failure);
    }

    /**
     * Whether the slot is being moved and its keys are on both servers. The call succeeds later, once one server has
     * all keys.
     */
    static boolean slotMigrating(Throwable failure) {
        return matches(SLOT_MIGRATING, failure);
    }

    /** Whether the server does not have a script of the call. It may have carried out other commands of a batch. */
    static boolean scriptMissing(Throwable failure) {
        return matches(SCRIPT_MISSING, failure);
    }

    private static boolean matches(Pattern pattern, Throwable failure) {
        return pattern.matcher(message(failure)).find();
    }

    private static String message(Throwable failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Response || each instanceof IllegalStateException) {
                return String.valueOf(each.getMessage());
            }
        }
        return "";
    }
}
