package dev.ganglion.config.value;

/** Parses a block of IP addresses. */
public record CidrType() implements ValueType<Cidr> {
    @Override
    public Cidr parse(String text) throws BadValueException {
        return Cidr.parse(text).orElseThrow(() -> new BadValueException("is not an IP address or CIDR block"));
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
