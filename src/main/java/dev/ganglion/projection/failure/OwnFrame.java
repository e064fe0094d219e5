package dev.ganglion.projection.failure;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the deepest frame of a Python traceback that is not a library's: the function of the user's own code that is
 * nearest to the failure. {@code src/docs/failures.md} documents the rules; a changed rule splits every group that
 * exists.
 */
final class OwnFrame {
    /** Number of characters of a traceback that count; of a longer one, the last ones. */
    static final int MAX_READ = 65_536;

    private static final int MAX_NAME = 200;
    private static final String FILE = "File \"";
    private static final String LINE = "\", line ";
    private static final String FUNCTION = ", in ";

    private record Frame(SourcePath path, String function) {
        String text() {
            return path.shortName() + ":" + function;
        }
    }

    private OwnFrame() {}

    /**
     * The deepest own frame as {@code folder/file:function}, such as {@code shop/orders.py:charge}; empty if the
     * traceback has no own frame.
     */
    public static String of(@Nullable String traceback) {
        if (traceback == null) {
            return "";
        }
        List<Frame> frames = frames(traceback.substring(Math.max(0, traceback.length() - MAX_READ)));
        for (int i = frames.size() - 1; i >= 0; i--) {
            if (!frames.get(i).path().isLibrary()) {
                return frames.get(i).text();
            }
        }
        return installed(frames);
    }

    /**
     * The deepest frame of the package that the task's function is in, if the user's code is itself installed among the
     * libraries. The task's function is in the outermost frame that is not a framework's.
     */
    private static String installed(List<Frame> frames) {
        String own = "";
        String deepest = "";
        for (Frame frame : frames) {
            String name = frame.path().installedPackage();
            if (own.isEmpty() && !frame.path().isFramework()) {
                own = name;
            }
            if (!own.isEmpty() && own.equals(name)) {
                deepest = frame.text();
            }
        }
        return deepest;
    }

    /** The frames, outermost first. Comprehensions are left out: not every version of Python gives them a frame. */
    private static List<Frame> frames(String traceback) {
        List<Frame> frames = new ArrayList<>();
        int at = traceback.indexOf(FILE);
        while (at >= 0) {
            int end = traceback.indexOf('\n', at);
            // A line without an end may be cut.
            Frame frame = end < 0 || !isAtStartOfLine(traceback, at) ? null : frame(traceback.substring(at, end));
            if (frame != null) {
                frames.add(frame);
            }
            at = end < 0 ? -1 : traceback.indexOf(FILE, end);
        }
        return frames;
    }

    /** Whether only indentation, or the margin of an exception group, precedes a position in its line. */
    private static boolean isAtStartOfLine(String traceback, int at) {
        int before = at - 1;
        while (before >= 0 && (traceback.charAt(before) == ' ' || traceback.charAt(before) == '|')) {
            before--;
        }
        return before < 0 || traceback.charAt(before) == '\n';
    }

    private static @Nullable Frame frame(String line) {
        int path = line.indexOf(LINE);
        int function = path < 0 ? -1 : line.indexOf(FUNCTION, path + LINE.length());
        if (function < 0) {
            return null;
        }
        String name = line.substring(function + FUNCTION.length()).strip();
        return isComprehension(name)
                ? null
                : new Frame(
                        SourcePath.of(line.substring(FILE.length(), path)),
                        name.substring(0, Math.min(name.length(), MAX_NAME)));
    }

    private static boolean isComprehension(String function) {
        return switch (function) {
            case "<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>" -> true;
            default -> false;
        };
    }
}
