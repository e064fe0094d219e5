package dev.ganglion.protocol;

/** The text encoding of the 32-byte signature in {@code hmac}. */
public enum HmacEncoding {
    /** 64 lower-case hexadecimal digits, which released agents use. */
    HEX,
    /** 44 characters of standard base64 with padding, which the protocol's published documentation specifies. */
    BASE64
}
