package dev.ganglion.projection.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which frame of a traceback identifies a failure. The rules must not change; see {@link FingerprintTest}. */
class OwnFrameTest {
    private static String traceback(String... frames) {
        StringBuilder text = new StringBuilder("Traceback (most recent call last):\n");
        for (String frame : frames) {
            String[] parts = frame.split("@", -1);
            text.append("  File \"" + parts[1] + "\", line 12, in " + parts[0] + "\n    some code\n");
        }
        return text + "ValueError: x\n";
    }

    @Test
    void takesTheDeepestFrameOutsideLibraries() {
        assertThat(OwnFrame.of(traceback(
                        "trace_task@/usr/lib/python3/dist-packages/celery/app/trace.py",
                        "charge@/srv/shop/orders.py",
                        "pay@/srv/shop/gateway/client.py",
                        "request@/srv/venv/lib/python3.11/site-packages/requests/sessions.py",
                        "connect@/usr/lib/python3.11/http/client.py",
                        "_call@<frozen importlib._bootstrap>")))
                .isEqualTo("gateway/client.py:pay");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/srv/venv/lib/python3.11/site-packages/requests/sessions.py",
                "/usr/lib/python3/dist-packages/yaml/loader.py",
                "/usr/local/lib/python3.12/json/decoder.py",
                "/usr/lib64/python3.9/json/decoder.py",
                "/opt/pypy/lib/pypy3.10/json/decoder.py",
                "/root/.local/share/uv/python/cpython-3.12.1-linux-x86_64-gnu/lib/python3.12/json/decoder.py",
                "/usr/lib/python311.zip/json/decoder.py",
                "C:\\Users\\a\\AppData\\Local\\Programs\\Python\\Python311\\Lib\\json\\decoder.py",
                "C:\\Python311\\lib\\site-packages\\requests\\sessions.py",
                "C:\\venv\\Lib\\site-packages\\requests\\sessions.py",
                "/root/.pex/installed_wheels/9f86/requests-2.31.whl/requests/sessions.py",
                "/srv/eggs/requests-2.31-py3.9.egg/requests/sessions.py",
                "<frozen importlib._bootstrap>",
                "<string>",
                "/srv/src/celery/celery/app/trace.py",
                "/srv/src/rq/rq/job.py",
                "C:\\src\\dramatiq\\dramatiq\\worker.py",
            })
    void skipsFramesOfLibraries(String path) {
        assertThat(OwnFrame.of(traceback("charge@/srv/shop/orders.py", "other@" + path)))
                .isEqualTo("shop/orders.py:charge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/celery/tasks.py", "/srv/lib/tasks.py", "/srv/rq/tasks.py", "/srv/python3/tasks.py"})
    void keepsFramesOfProjectsNamedLikeLibraries(String path) {
        assertThat(OwnFrame.of(traceback("charge@/srv/shop/orders.py", "run@" + path)))
                .endsWith("/tasks.py:run");
    }

    @Test
    void foldersAboveTheFilesFolderDoNotCount() {
        assertThat(OwnFrame.of(traceback("charge@/home/alice/work/shop/orders.py")))
                .isEqualTo(OwnFrame.of(traceback("charge@C:\\inetpub\\shop\\orders.py")))
                .isEqualTo(OwnFrame.of(traceback("charge@shop/orders.py")))
                .isEqualTo("shop/orders.py:charge");
        assertThat(OwnFrame.of(traceback("charge@C:\\orders.py"))).isEqualTo("orders.py:charge");
    }

    @Test
    void masksTheFolderOfARelease() {
        assertThat(OwnFrame.of(traceback("charge@/srv/releases/20261201/orders.py")))
                .isEqualTo("<n>/orders.py:charge");
    }

    @Test
    void ownCodeThatIsInstalledAmongTheLibrariesCounts() {
        String packages = "/usr/local/lib/python3.11/site-packages/";

        assertThat(OwnFrame.of(traceback(
                        "trace_task@" + packages + "celery/app/trace.py",
                        "wrapped@" + packages + "sentry_sdk/integrations/celery/__init__.py",
                        "charge@" + packages + "shop/orders.py",
                        "pay@" + packages + "shop/gateway/client.py",
                        "request@" + packages + "requests/sessions.py")))
                .isEqualTo("gateway/client.py:pay");
    }

    @Test
    void aTracebackOfLibrariesAloneHasNoOwnFrame() {
        assertThat(OwnFrame.of(traceback(
                        "run@/usr/lib/python3.11/threading.py",
                        "trace_task@/venv/lib/python3.11/site-packages/celery/app/trace.py")))
                .isEmpty();
    }

    @Test
    void comprehensionsDoNotCountSincePythonVersionsDiffer() {
        assertThat(OwnFrame.of(traceback("charge@/srv/shop/orders.py", "<listcomp>@/srv/shop/orders.py")))
                .isEqualTo("shop/orders.py:charge");
        assertThat(OwnFrame.of(traceback("charge@/srv/shop/orders.py", "<lambda>@/srv/shop/orders.py")))
                .isEqualTo("shop/orders.py:<lambda>");
    }

    @Test
    void findsFramesOfExceptionGroups() {
        assertThat(OwnFrame.of("""
                  + Exception Group Traceback (most recent call last):
                  |   File "/srv/shop/orders.py", line 3, in charge
                  |     async with TaskGroup() as group:
                  | ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception)
                  +-+---------------- 1 ----------------
                    | Traceback (most recent call last):
                    |   File "/srv/shop/gateway.py", line 9, in pay
                    |     raise ValueError("x")
                    | ValueError: x
                    +------------------------------------
                """)).isEqualTo("shop/gateway.py:pay");
    }

    @Test
    void ignoresALineThatWasCutAndTextThatLooksLikeAFrame() {
        assertThat(OwnFrame.of("""
                Traceback (most recent call last):
                  File "/srv/shop/orders.py", line 3, in charge
                    raise ValueError('File "/srv/x.py", line 1, in fake')
                  File "/srv/shop/gateway.py", line 9, in pa""")).isEqualTo("shop/orders.py:charge");
    }

    @Test
    void textThatIsNoTracebackHasNoFrame() {
        assertThat(OwnFrame.of(null)).isEmpty();
        assertThat(OwnFrame.of("at dev.Main.main(Main.java:12)")).isEmpty();
        assertThat(OwnFrame.of("File \"")).isEmpty();
    }

    @Test
    void takesTimeThatGrowsWithTheLengthOnly() {
        String deep = traceback("a@/srv/a.py").repeat(20_000) + "File \"".repeat(200_000);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2), () -> assertThat(OwnFrame.of(deep)).isNotNull());
    }
}
