package dev.ganglion.config.value;

/** Parses a block of IP addresses. */
public record CidrType() implements ValueType<Cidr> {
    @Override
    public Cidr parse(String text) throws InvalidValueException {
        return Cidr.parse(text).orElseThrow(() -> new InvalidValueException("is not an IP address or CIDR block"));
    }

    @Override
    public String format(Cidr value) {
        return value.toString();
    }

    @Override
    public String range() {
        return "address or CIDR block";
    }
}
