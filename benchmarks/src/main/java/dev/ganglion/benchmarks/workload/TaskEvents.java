package dev.ganglion.benchmarks.workload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * An endless sequence of events that one worker process reports: each task is received, started and ended. {@value #OPEN}
 * tasks are under way at any time, so the events of a task lie some frames apart. {@value #FAILED_PERCENT} % of the tasks
 * fail with a traceback. An event has 386 bytes on average.
 *
 * <p>The content of a task repeats after {@code tasks} tasks; its id does not.
 */
public final class TaskEvents {
    /** Number of events of a task. */
    public static final int PER_TASK = 3;

    /** Names of all tasks. */
    public static final List<String> NAMES = names("app.tasks.", "billing.tasks.", "reports.");
    /** Queues of all tasks. */
    public static final List<String> QUEUES = List.of("default", "mail", "billing", "reports", "images", "slow");

    static final int FAILED_PERCENT = 4;

    /** Number of tasks that are received, and not ended, at any time. */
    static final int OPEN = 160;
    /** Number of newer tasks that are received before each event of a task. */
    private static final int[] LATE = {0, 64, OPEN};

    private static final int WORKERS = 16;
    private static final int ORDERS = 90_000;
    private static final String RECEIVED = "task.received";
    private static final String STARTED = "task.started";
    private static final String LIBRARY = "/srv/app/.venv/lib/python3.12/site-packages/";
    private static final String[] FRAMES = {
        LIBRARY + "celery/app/trace.py|trace_task|R = retval = fun(*args, **kwargs)",
        LIBRARY + "celery/app/trace.py|__protected_call__|return self.run(*args, **kwargs)",
        "/srv/app/app/tasks.py|run|return handle(order_id, attempt=self.request.retries)",
        "/srv/app/app/orders/handling.py|handle|order = load_order(order_id, lock=True)",
        "/srv/app/app/orders/loading.py|load_order|row = session.execute(query).one()",
        LIBRARY + "sqlalchemy/engine/result.py|one|return self._only_one_row(True, True, False)",
        LIBRARY + "sqlalchemy/engine/result.py|_only_one_row|raise exc.NoResultFound(message)",
    };

    private final Task[] tasks;

    /** The parts of a task that all its events share, and how it ends. */
    private record Task(
            String tail, String name, String queue, String worker, int order, double runtime, boolean fails) {}

    /**
     * Creates a sequence.
     *
     * @param tasks number of tasks whose content differs
     * @param seed determines ids, names and values
     */
    public TaskEvents(int tasks, long seed) {
        Random random = new Random(seed);
        this.tasks = new Task[tasks];
        for (int i = 0; i < tasks; i++) {
            this.tasks[i] = new Task(
                    tail(random),
                    NAMES.get(random.nextInt(NAMES.size())),
                    QUEUES.get(random.nextInt(QUEUES.size())),
                    worker(random.nextInt(WORKERS)),
                    10_000 + random.nextInt(ORDERS),
                    (1 + random.nextInt(29_999)) / 1e4,
                    i * FAILED_PERCENT / 100 != (i + 1) * FAILED_PERCENT / 100);
        }
    }

    private static List<String> names(String... modules) {
        List<String> names = new ArrayList<>();
        for (String module : modules) {
            for (String what : List.of("send", "charge", "resize", "index", "export", "notify", "sync", "clean_up")) {
                names.add(module + what);
            }
        }
        return List.copyOf(names);
    }

    /** Name of a worker. */
    public static String worker(int number) {
        return "celery@host-" + number % WORKERS;
    }

    private static String tail(Random random) {
        String digits = HexFormat.of().toHexDigits(random.nextLong());
        return "-4" + digits.substring(0, 3) + "-8" + digits.substring(3, 6) + "-"
                + HexFormat.of().toHexDigits(random.nextLong(), 12);
    }

    /** Number of the task that an event reports on, at least 0. */
    public static long taskOf(long event) {
        return OPEN + event / PER_TASK - LATE[(int) (event % PER_TASK)];
    }

    /** Whether an event is the first report on its task. */
    public static boolean isFirst(long event) {
        return event % PER_TASK == 0;
    }

    /**
     * Id of a task, a UUID.
     *
     * @param task number of the task
     * @param process number of the worker process that reports it, below 65,536
     */
    public String taskId(long task, int process) {
        return id(task, process, content(task).tail);
    }

    private static String id(long number, int process, String tail) {
        return HexFormat.of().toHexDigits(number, 8) + "-" + HexFormat.of().toHexDigits(process, 4) + tail;
    }

    private Task content(long task) {
        return tasks[(int) (task % tasks.length)];
    }

    /**
     * Returns an event as an agent writes it.
     *
     * @param event number of the event, from 0
     * @param process number of the worker process, below 65,536
     * @param at when it happened
     */
    public String event(long event, int process, Instant at) {
        Task task = content(taskOf(event));
        String kind;
        String data;
        if (isFirst(event)) {
            kind = RECEIVED;
            data = received(task);
        } else if (event % PER_TASK == 1) {
            kind = STARTED;
            data = started(task);
        } else {
            kind = task.fails ? "task.failed" : "task.succeeded";
            data = task.fails ? failed(task) : succeeded(task);
        }
        return "{\"id\":\"" + id(event, process, task.tail) + "\",\"engine\":\"celery\",\"task_id\":\""
                + taskId(taskOf(event), process) + "\",\"kind\":\"" + kind + "\",\"occurred_at\":\"" + stamp(at)
                + "\",\"data\":{" + data + ",\"worker\":\"" + task.worker + "\",\"clock\":" + task.order
                + ",\"utcoffset\":0}}";
    }

    /** A time with six digits of a second, as agents write it. */
    public static String stamp(Instant at) {
        return String.format(
                Locale.ROOT,
                "%s.%06dZ",
                Instant.ofEpochSecond(at.getEpochSecond()).toString().replace("Z", ""),
                at.getNano() / 1_000);
    }

    private static String received(Task task) {
        return "\"task_name\":\"" + task.name + "\",\"queue\":\"" + task.queue + "\",\"args\":\"[" + task.order
                + ", 'order-" + task.order
                + "@shop.example', True]\",\"kwargs\":\"{'attempt': 0, 'source': 'checkout', 'locale': 'en_GB'}\""
                + ",\"priority\":" + task.order % 4 + ",\"retries\":0";
    }

    private static String started(Task task) {
        return "\"task_name\":\"" + task.name + "\",\"queue\":\"" + task.queue + "\",\"pid\":" + task.order;
    }

    private static String succeeded(Task task) {
        return "\"task_name\":\"" + task.name + "\",\"queue\":\"" + task.queue + "\",\"pid\":" + task.order
                + ",\"runtime\":" + task.runtime
                + ",\"result\":\"{'order': " + task.order + ", 'state': 'done', 'messages': 2}\"";
    }

    private static String failed(Task task) {
        StringBuilder traceback = new StringBuilder("Traceback (most recent call last):\\n");
        for (String frame : FRAMES) {
            String[] parts = frame.split("\\|", -1);
            traceback.append(String.format(
                    Locale.ROOT,
                    "  File \\\"%s\\\", line %d, in %s\\n    %s\\n",
                    parts[0],
                    10 + parts[2].length(),
                    parts[1],
                    parts[2]));
        }
        String exception = "NoResultFound: no open order " + task.order;
        return "\"task_name\":\"" + task.name + "\",\"queue\":\"" + task.queue + "\",\"runtime\":" + task.runtime
                + ",\"exception\":\"" + exception + "\",\"traceback\":\"" + traceback + "sqlalchemy.exc." + exception
                + "\\n\"";
    }
}
