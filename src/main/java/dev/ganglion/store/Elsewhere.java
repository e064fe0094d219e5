package dev.ganglion.store;

import dev.ganglion.config.RedisAddress;
import io.vertx.redis.client.Response;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a server says that is not the one for a call: the call had no effect there. */
final class Elsewhere {
    /** Alone, or after its place in a batch. */
    private static final String START = "(?m)^(ERR \\[\\d+] )?";

    private static final Pattern NOW = Pattern.compile(START + "(MOVED|READONLY|CLUSTERDOWN|MASTERDOWN) ");
    private static final Pattern ON_ITS_WAY = Pattern.compile(START + "(ASK|TRYAGAIN) ");

    private static final Pattern MOVED = Pattern.compile(START + "MOVED \\d+ (\\S+):(\\d{1,5})\\s*$");

    private Elsewhere() {}

    /** Where it is, if the server said so: it knows before others do. */
    static Optional<RedisAddress> place(Throwable failure) {
        Matcher moved = MOVED.matcher(said(failure));
        return moved.find()
                ? Optional.of(RedisAddress.named(moved.group(2), Integer.parseInt(moved.group(3))))
                : Optional.empty();
    }

    /** Another server has taken over, or will: to be found by connecting anew. */
    static boolean now(Throwable failure) {
        return says(NOW, failure);
    }

    /** The slot is moving, its keys are on both sides: one of the two has all of them in a while. */
    static boolean onItsWay(Throwable failure) {
        return says(ON_ITS_WAY, failure);
    }

    private static boolean says(Pattern pattern, Throwable failure) {
        return pattern.matcher(said(failure)).find();
    }

    private static String said(Throwable failure) {
        for (@Nullable Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof Response || each instanceof IllegalStateException) {
                return String.valueOf(each.getMessage());
            }
        }
        return "";
    }
}
