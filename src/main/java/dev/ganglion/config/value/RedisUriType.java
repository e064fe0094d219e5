package dev.ganglion.config.value;

import java.util.regex.Pattern;

/** Parses the URI of Redis. A password in the URI is masked in all output, even when the URI is invalid. */
public record RedisUriType() implements ValueType<RedisUri> {
    private static final Pattern CREDENTIALS = Pattern.compile("(?s)^([a-z-]+://).*@");
    private static final String SERVERS = "(\\[REDACTED]@)?[\\w.-]*(:[0-9]{0,6})?(,[\\w.-]*(:[0-9]{0,6})?)*";
    private static final Pattern HARMLESS = Pattern.compile(
            "rediss?-sentinel://" + SERVERS + "(/[\\w.-]*)?(/[0-9]*)?|[a-z-]+://" + SERVERS + "(/[0-9]*)?");

    @Override
    public RedisUri parse(String text) throws InvalidValueException {
        try {
            return RedisUri.parse(text);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String format(RedisUri value) {
        return value.toString();
    }

    @Override
    public String range() {
        return "redis[s][-sentinel|-cluster]://[user][:password@]host[:port][,…][/master][/database]";
    }

    @Override
    public String quote(String text) {
        String masked = CREDENTIALS.matcher(text).replaceFirst("$1" + Secret.REDACTED + "@");
        return HARMLESS.matcher(masked).matches() ? masked : Secret.REDACTED;
    }
}
