package dev.ganglion.config.value;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the address of a node, with or without a port. */
public record MemberAddressType() implements ValueType<MemberAddress> {
    private static final Pattern SHAPE =
            Pattern.compile("(?:\\[([0-9a-fA-F:.]+)]|([A-Za-z0-9._-]+))(?::([0-9]{1,5}))?");
    private static final int MAX_PORT = 65_535;

    @Override
    public MemberAddress parse(String text) throws InvalidValueException {
        Matcher matcher = SHAPE.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidValueException("is not a host with an optional port");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (matcher.group(3) == null) {
            return new MemberAddress(host, OptionalInt.empty());
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port < 1 || port > MAX_PORT) {
            throw new InvalidValueException("has a port outside 1..65535");
        }
        return new MemberAddress(host, OptionalInt.of(port));
    }

    @Override
    public String format(MemberAddress value) {
        return value.toString();
    }

    @Override
    public String range() {
        return "host[:port]";
    }
}
