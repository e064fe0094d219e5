package dev.ganglion.config.source;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.key.KnownKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the sources that are plain maps: the environment, the command line, and the presets of a command. */
public final class MapSources {
    /** Variables that begin with the prefix but are not keys. */
    private static final Set<String> RESERVED = Set.of("GANGLION_HOME");

    /** Variables that Kubernetes and Docker set in every container next to a service named ganglion. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            "GANGLION_(\\w+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    private MapSources() {}

    /** Reads a map from key to text. */
    public static List<SourceValue> named(
            Map<String, String> values, Function<String, Origin> origin, ConfigProblems problems) {
        List<SourceValue> given = new ArrayList<>();
        new TreeMap<>(values)
                .forEach((name, text) -> KnownKeys.byName(name)
                        .ifPresentOrElse(
                                slot -> given.add(new SourceValue(slot, text, origin.apply(name))),
                                () -> problems.unknown(name, origin.apply(name))));
        return given;
    }

    /** Reads the variables that begin with the prefix. An empty variable counts as not set. */
    public static List<SourceValue> environment(Map<String, String> variables, ConfigProblems problems) {
        List<SourceValue> given = new ArrayList<>();
        new TreeMap<>(variables).forEach((variable, text) -> {
            if (variable.startsWith(ConfigKey.PREFIX) && !text.isEmpty() && !isForeign(variable, text)) {
                Origin origin = Origin.environment(variable);
                KnownKeys.byVariable(variable)
                        .ifPresentOrElse(
                                slot -> given.add(new SourceValue(slot, text, origin)),
                                () -> problems.unknown(variable, origin));
            }
        });
        return given;
    }

    private static boolean isForeign(String variable, String text) {
        return RESERVED.contains(variable)
                || SERVICE_LINK.matcher(variable).matches()
                || (variable.endsWith("_PORT") && SERVICE_ADDRESS.matcher(text).matches());
    }
}
