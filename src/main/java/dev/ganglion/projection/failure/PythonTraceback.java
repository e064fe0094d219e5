package dev.ganglion.projection.failure;

/**
 * Finds the exception in a Python traceback. A chain of exceptions has one part for each, and the last one was raised.
 *
 * <pre>
 *   Traceback (most recent call last):
 *     File "/app/shop/orders.py", line 12, in charge      frames are indented
 *       gateway.pay(order)
 *   shop.errors.PaymentError: declined                    from here on: the exception
 *
 *   During handling of the above exception, another exception occurred:
 *   …
 * </pre>
 */
final class PythonTraceback {
    private static final String HEADER = "Traceback (most recent call last):";
    private static final String[] CHAINS = {
        "\n\nDuring handling of the above exception, another exception occurred:\n\n" + HEADER,
        "\n\nThe above exception was the direct cause of the following exception:\n\n" + HEADER
    };

    private PythonTraceback() {}

    static boolean begins(String text) {
        return text.startsWith(HEADER);
    }

    /** The type and message after the last frame; empty if the traceback was cut within its frames. */
    static String raised(String traceback) {
        String text = traceback.indexOf('\r') < 0 ? traceback : traceback.replace("\r\n", "\n");
        int at = HEADER.length();
        while (true) {
            at = endOfFrames(text, at);
            int next = nextOfChain(text, at);
            if (next < 0) {
                return text.substring(at).strip();
            }
            at = next;
        }
    }

    /** The beginning of the next line that is neither empty nor indented. */
    private static int endOfFrames(String text, int from) {
        int line = text.indexOf('\n', from) + 1;
        while (line > 0 && line < text.length()) {
            if (!Character.isWhitespace(text.charAt(line))) {
                return line;
            }
            line = text.indexOf('\n', line) + 1;
        }
        return text.length();
    }

    /** The end of the header of the next part; -1 if this is the last. */
    private static int nextOfChain(String text, int from) {
        int next = -1;
        for (String chain : CHAINS) {
            int found = text.indexOf(chain, from);
            if (found >= 0 && (next < 0 || found + chain.length() < next)) {
                next = found + chain.length();
            }
        }
        return next;
    }
}
