package dev.ganglion.projection.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The path of a Python source file in a traceback. Separators may be those of Windows. */
final class SourcePath {
    private static final int MAX_NAME = 200;
    private static final Set<String> PACKAGES = Set.of("site-packages", "dist-packages");

    /** Packages of task queues and of tools that wrap a task's function. */
    private static final Set<String> FRAMEWORKS = Set.of(
            "celery",
            "kombu",
            "billiard",
            "vine",
            "amqp",
            "rq",
            "dramatiq",
            "huey",
            "arq",
            "taskiq",
            "sentry_sdk",
            "opentelemetry",
            "newrelic",
            "ddtrace");

    /** Files of frameworks that run a task's function, for frameworks that are not installed among the packages. */
    private static final Set<String> FRAMEWORK_FILES = Set.of(
            "celery/app/trace.py",
            "celery/app/task.py",
            "celery/app/autoretry.py",
            "celery/canvas.py",
            "celery/local.py",
            "celery/result.py",
            "rq/job.py",
            "rq/worker.py",
            "rq/worker/base.py",
            "rq/timeouts.py",
            "dramatiq/actor.py",
            "dramatiq/asyncio.py",
            "dramatiq/worker.py",
            "huey/api.py",
            "huey/consumer.py",
            "arq/worker.py",
            "taskiq/receiver/receiver.py");

    private final String path;
    private final boolean windows;
    private final List<String> parts = new ArrayList<>();

    private SourcePath(String text) {
        this.windows = text.indexOf('\\') >= 0;
        this.path = text.replace('\\', '/');
        for (String part : path.split("/", -1)) {
            if (!part.isEmpty() && !part.equals(".") && !part.endsWith(":")) {
                parts.add(part);
            }
        }
    }

    static SourcePath of(String text) {
        return new SourcePath(text);
    }

    /** Whether the file belongs to Python, to an installed package or to a framework, or is no file. */
    boolean isLibrary() {
        return parts.isEmpty() || path.startsWith("<") || isOfPython() || packages() >= 0 || isFramework();
    }

    /** Whether the file belongs to Python or to a framework that runs tasks. */
    boolean isFramework() {
        String installed = installedPackage();
        if (!installed.isEmpty()) {
            return FRAMEWORKS.contains(installed) || installed.startsWith("z4j_");
        }
        return isOfPython() || path.startsWith("<") || FRAMEWORK_FILES.stream().anyMatch(this::endsWith);
    }

    private boolean endsWith(String file) {
        return path.equals(file) || path.endsWith("/" + file);
    }

    /** Name of the installed package that the file belongs to; empty if it belongs to none. */
    String installedPackage() {
        int folder = packages();
        return folder < 0 || folder + 1 >= parts.size() ? "" : parts.get(folder + 1);
    }

    /** Position of the last folder that holds installed packages; -1 if there is none. */
    private int packages() {
        for (int i = parts.size() - 2; i >= 0; i--) {
            if (holdsPackages(parts.get(i))) {
                return i;
            }
        }
        return -1;
    }

    private static boolean holdsPackages(String folder) {
        return PACKAGES.contains(folder) || folder.endsWith(".egg") || folder.endsWith(".whl");
    }

    private boolean isOfPython() {
        for (int i = 0; i + 1 < parts.size(); i++) {
            String folder = parts.get(i).toLowerCase(Locale.ROOT);
            boolean lib = folder.equals("lib") || folder.equals("lib64");
            if (lib && (isPython(parts.get(i + 1)) || (windows && parts.get(i).equals("Lib")))) {
                return packages() < 0;
            }
        }
        return false;
    }

    private static boolean isPython(String folder) {
        String name = folder.toLowerCase(Locale.ROOT);
        for (String python : new String[] {"python", "pypy"}) {
            if (name.startsWith(python) && name.length() > python.length()) {
                return Character.isDigit(name.charAt(python.length()));
            }
        }
        return false;
    }

    /**
     * The file with its folder, such as {@code shop/orders.py}. Folders above differ between machines and releases.
     * Digits in the folder's name are masked, since a release may be a folder.
     */
    String shortName() {
        int last = parts.size() - 1;
        String file = cut(parts.get(last));
        return last == 0 ? file : MaskedMessage.of(cut(parts.get(last - 1))) + "/" + file;
    }

    private static String cut(String name) {
        return name.substring(0, Math.min(name.length(), MAX_NAME));
    }
}
