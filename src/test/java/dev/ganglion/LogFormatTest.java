package dev.ganglion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.config.GanglionConfig;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.apache.logging.log4j.util.SortedArrayStringMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the JSON log format. */
class LogFormatTest {
    private static URI own() throws URISyntaxException {
        return Objects.requireNonNull(LogFormatTest.class.getResource("/log4j2.xml"))
                .toURI();
    }

    private static String line(URI configuration, Log4jLogEvent event) {
        try (LoggerContext context = new LoggerContext("test", null, configuration)) {
            context.start();
            byte[] bytes = Objects.requireNonNull(context.getConfiguration().<Appender>getAppender("json"))
                    .getLayout()
                    .toByteArray(event);
            return new String(bytes, UTF_8);
        }
    }

    private static Log4jLogEvent.Builder event() {
        SortedArrayStringMap keys = new SortedArrayStringMap();
        keys.putValue("agentId", "a-1");
        keys.putValue("closeCode", "4429");
        return Log4jLogEvent.newBuilder()
                .setLevel(Level.WARN)
                .setLoggerName("dev.ganglion.gateway.Some")
                .setTimeMillis(1_700_000_000_123L)
                .setContextData(keys)
                .setMessage(new SimpleMessage("a \"message\"\nof two lines"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "conf/log4j2.xml"})
    void writesOneJsonObjectPerLineWithTheKeysAsMembers(String configuration) throws URISyntaxException {
        URI used = configuration.isEmpty() ? own() : Path.of(configuration).toUri();
        String line = line(used, event().build());

        assertThat(line).endsWith("\n");
        assertThat(line.strip()).doesNotContain("\n");
        JsonObject json = new JsonObject(line);
        assertThat(json.getString("time")).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(json.getString("level")).isEqualTo("WARN");
        assertThat(json.getString("logger")).isEqualTo("dev.ganglion.gateway.Some");
        assertThat(json.getString("message")).isEqualTo("a \"message\"\nof two lines");
        assertThat(json.getString("agentId")).isEqualTo("a-1");
        assertThat(json.getString("closeCode")).isEqualTo("4429");
        assertThat(json.containsKey("exception")).isFalse();
    }

    @Test
    void writesAnExceptionAsAMember() throws URISyntaxException {
        JsonObject json = new JsonObject(line(
                own(), event().setThrown(new IllegalStateException("it broke")).build()));

        JsonObject exception = json.getJsonObject("exception");
        assertThat(exception.getString("class")).isEqualTo("java.lang.IllegalStateException");
        assertThat(exception.getString("message")).isEqualTo("it broke");
        assertThat(exception.getString("stack")).contains("LogFormatTest");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Task POOL$ScheduledFutureTask@1d[Not completed, task = a.Adapter@1[Wrapped task = a.Task@2]] rejected from POOL@61ba3a40[Shutting down, pool size = 1, active threads = 1] | true
                    a.Task@1 rejected from POOL@61ba3a40[Terminated, pool size = 0]    | true
                    a.Task@1 rejected from POOL@61ba3a40[Running, pool size = 1]       | false
                    an operation broke                                                                                             | false
                    """)
    void dropsHazelcastErrorsAboutTasksRejectedDuringShutdown(String message, boolean dropped)
            throws URISyntaxException {
        String name = "com.hazelcast.spi.impl.operationservice.impl.InvocationMonitor";
        String text = message.replace("POOL", ScheduledThreadPoolExecutor.class.getName());
        Log4jLogEvent logged = event().setLoggerName(name)
                .setLevel(Level.ERROR)
                .setMessage(new SimpleMessage("[127.0.0.1]:5701 [ganglion/hazelcast-5.7] [5.7.0] " + text))
                .build();
        for (URI configuration : List.of(own(), Path.of("conf/log4j2.xml").toUri())) {
            try (LoggerContext context = new LoggerContext("test", null, configuration)) {
                context.start();
                assertThat(context.getConfiguration().getLoggerConfig(name).isFiltered(logged))
                        .isEqualTo(dropped);
            }
        }
    }

    @Test
    void passesTheConfigurationToTheLogging() {
        assertThat(GanglionConfig.with(Map.of("log.format", "json", "log.level", "debug"))
                        .log()
                        .properties())
                .isEqualTo(Map.of("ganglion.log.format", "json", "ganglion.log.level", "debug"));
    }
}
