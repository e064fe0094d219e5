package dev.ganglion.protocol;

/** How the 32 bytes of a signature are written in {@code hmac}. */
public enum HmacEncoding {
    /** 64 lower-case hexadecimal digits: what released agents use. */
    HEX,
    /** 44 characters of standard base64 with padding: what the published page says. */
    BASE64
}
