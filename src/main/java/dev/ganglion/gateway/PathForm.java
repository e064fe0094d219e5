package dev.ganglion.gateway;

import dev.ganglion.protocol.error.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Refuses every request whose path differs from its normal form (RFC 3986, section 6.2.2), before any part of the brain
 * routes it. Two readers of such a path may disagree: {@code /agents/A/../B} is B to one and A to another.
 *
 * <p>Only the engine and the id of a task may contain an encoded slash or backslash, since task queues allow them there.
 */
final class PathForm {
    private static final int MAX_SHOWN = 200;
    private static final String OTHERS_IN_PATH = "-._~!$&'()*+,;=:@/";
    private static final String OTHERS_UNRESERVED = "-._~";
    private static final String HEX = "0123456789ABCDEF";
    private static final List<String> TASKS = List.of("", "api", "v1", "projects", "", "tasks");
    private static final int SLUG = TASKS.size() - 2;
    private static final Pattern DOTS = Pattern.compile("\\.\\.?(?:;.*)?");
    private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

    private PathForm() {}

    /** Answers a path that is not in its normal form with 400. Returns whether it did. */
    static boolean refused(HttpServerRequest request) {
        Optional<String> fault = fault(request.uri());
        fault.ifPresent(reason -> new AgentHttpError(
                        400,
                        ErrorCode.INVALID_PATH,
                        "path: " + shown(request.uri()) + " " + reason
                                + "; send the path in its normal form (RFC 3986, section 6.2.2)",
                        0)
                .answer(request));
        return fault.isPresent();
    }

    /** Returns why the path of a request target is not in its normal form; empty if it is. */
    static Optional<String> fault(String target) {
        if (target.isEmpty() || target.charAt(0) != '/') {
            return Optional.of("does not begin with /");
        } else if (target.indexOf('#') >= 0) {
            return Optional.of("contains a fragment (#)");
        }
        String path = path(target);
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%' && !isAlphanumeric(c) && OTHERS_IN_PATH.indexOf(c) < 0) {
                return Optional.of("contains a character that must be percent-encoded");
            }
        }
        List<String> segments = List.of(path.split("/", -1));
        for (int i = 1; i < segments.size(); i++) {
            Optional<String> fault = fault(segments, i);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return Optional.empty();
    }

    private static String path(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    private static Optional<String> fault(List<String> segments, int at) {
        String segment = segments.get(at);
        if (segment.isEmpty()) {
            return at < segments.size() - 1 ? Optional.of("contains an empty segment (//)") : Optional.empty();
        } else if (DOTS.matcher(segment).matches()) {
            return Optional.of("contains a segment . or ..");
        }
        return segment.indexOf('%') < 0 ? Optional.empty() : encodingFault(segment, isTaskText(segments, at));
    }

    /** Whether a segment is the engine or the id of a task: {@code /api/v1/projects/{slug}/tasks/{engine}/{task_id}}. */
    private static boolean isTaskText(List<String> segments, int at) {
        if (segments.size() != TASKS.size() + 2 || at < TASKS.size()) {
            return false;
        }
        for (int i = 0; i < TASKS.size(); i++) {
            if (i != SLUG && !segments.get(i).equals(TASKS.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> encodingFault(String segment, boolean slashes) {
        byte[] decoded = new byte[segment.length()];
        int size = 0;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c == '%') {
                int high = i + 2 < segment.length() ? HEX.indexOf(segment.charAt(i + 1)) : -1;
                int low = i + 2 < segment.length() ? HEX.indexOf(segment.charAt(i + 2)) : -1;
                if (high < 0 || low < 0) {
                    return Optional.of("contains % without two upper-case hexadecimal digits");
                }
                c = (char) (high << 4 | low);
                i += 2;
                Optional<String> fault = encodedFault(c, slashes);
                if (fault.isPresent()) {
                    return fault;
                }
            }
            decoded[size++] = (byte) c;
        }
        return textFault(decoded, size, slashes);
    }

    private static Optional<String> encodedFault(char octet, boolean slashes) {
        if (isAlphanumeric(octet) || OTHERS_UNRESERVED.indexOf(octet) >= 0) {
            return Optional.of("encodes a character that needs no encoding");
        } else if (octet < ' ' || octet == 0x7f) {
            return Optional.of("contains an encoded control character");
        } else if (!slashes && (octet == '/' || octet == '\\')) {
            return Optional.of("contains an encoded slash or backslash");
        }
        return Optional.empty();
    }

    private static Optional<String> textFault(byte[] decoded, int size, boolean slashes) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(decoded, 0, size))
                    .toString();
        } catch (CharacterCodingException e) {
            return Optional.of("contains a percent encoding that is not UTF-8");
        }
        boolean climbs = slashes
                && SEPARATOR
                        .splitAsStream(text)
                        .anyMatch(part -> DOTS.matcher(part).matches());
        return climbs ? Optional.of("contains a segment . or .. beside an encoded slash") : Optional.empty();
    }

    private static boolean isAlphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /** Returns the start of the path, with only visible ASCII characters. */
    private static String shown(String target) {
        String path = path(target);
        String start = path.length() <= MAX_SHOWN ? path : path.substring(0, MAX_SHOWN) + "…";
        return '"' + start.replaceAll("[^!-~…]", "?") + '"';
    }
}
