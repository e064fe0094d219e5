package dev.ganglion.api.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.log.QuietLog;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageIT {
    private static final Path SOURCES = Path.of("src/main/resources/web");
    private static final Pattern ASSET = Pattern.compile("\"(assets/[0-9a-f]{20})/([^\"]+)\"");

    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static HttpResponse<byte[]> ask(String method, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + brain.port() + path))
                .method(method, BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String assets() {
        Matcher found = ASSET.matcher(text(ask("GET", "/")));
        assertThat(found.find()).isTrue();
        return "/" + found.group(1);
    }

    @Test
    void servesThePageWithoutALoginAndItsAssets() {
        HttpResponse<byte[]> page = ask("GET", "/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "content-type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "cache-control")).isEqualTo("no-cache");
        Matcher asset = ASSET.matcher(text(page));
        int count = 0;
        while (asset.find()) {
            assertThat(ask("GET", "/" + asset.group(1) + "/" + asset.group(2)).statusCode())
                    .as(asset.group())
                    .isEqualTo(200);
            count++;
        }
        assertThat(count).isGreaterThan(4);
        assertThat(text(page)).doesNotContain("{version}");
    }

    @Test
    void sendsTheStrictPolicyWithEveryResponse() {
        for (String path : List.of("/", assets() + "/app.js", assets() + "/app.css")) {
            HttpResponse<byte[]> answer = ask("GET", path);
            assertThat(header(answer, "content-security-policy"))
                    .as(path)
                    .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                            + "img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
            assertThat(header(answer, "x-content-type-options")).isEqualTo("nosniff");
            assertThat(header(answer, "referrer-policy")).isEqualTo("no-referrer");
            assertThat(header(answer, "cross-origin-opener-policy")).isEqualTo("same-origin");
        }
    }

    @Test
    void servesEveryAssetUnchangedAndImmutable() throws IOException {
        String base = assets();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = SOURCES.relativize(file).toString();
                HttpResponse<byte[]> answer = ask("GET", base + "/" + name);
                if (name.equals("index.html")) {
                    assertThat(answer.statusCode()).isEqualTo(404);
                    continue;
                }
                assertThat(answer.statusCode()).as(name).isEqualTo(200);
                assertThat(answer.body()).as(name).isEqualTo(Files.readAllBytes(file));
                assertThat(header(answer, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
                assertThat(header(answer, "content-type"))
                        .startsWith(
                                name.endsWith(".js")
                                        ? "text/javascript"
                                        : name.endsWith(".css")
                                                ? "text/css"
                                                : name.endsWith(".svg") ? "image/svg+xml" : "text/plain");
            }
        }
    }

    @Test
    void forbidsCachingOfAssetsForAnotherVersion() {
        HttpResponse<byte[]> answer = ask("GET", "/assets/00000000000000000000/app.js");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "cache-control")).isEqualTo("no-store");
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() {
        for (String path : List.of("/", assets() + "/app.js")) {
            HttpResponse<byte[]> got = ask("GET", path);
            HttpResponse<byte[]> asked = ask("HEAD", path);
            assertThat(asked.statusCode()).isEqualTo(200);
            assertThat(asked.body()).isEmpty();
            for (String name : List.of("content-length", "content-type", "etag", "cache-control")) {
                assertThat(header(asked, name)).as(name).isEqualTo(header(got, name));
            }
        }
    }

    @Test
    void answers304ForAKnownTag() {
        for (String path : List.of("/", assets() + "/app.js")) {
            String tag = header(ask("GET", path), "etag");
            HttpResponse<byte[]> again = ask("GET", path, "If-None-Match", "\"other\", " + tag);
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
            assertThat(header(again, "etag")).isEqualTo(tag);
            assertThat(header(again, "content-security-policy")).isNotEmpty();
            assertThat(ask("GET", path, "If-None-Match", "\"other\"").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void compressesForClientsThatAcceptGzip() throws IOException {
        String path = assets() + "/app.js";
        HttpResponse<byte[]> zipped = ask("GET", path, "Accept-Encoding", "br, gzip;q=0.5");
        assertThat(header(zipped, "content-encoding")).isEqualTo("gzip");
        assertThat(header(zipped, "vary")).isEqualToIgnoringCase("accept-encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(ask("GET", path).body());
        assertThat(header(zipped, "etag")).isNotEqualTo(header(ask("GET", path), "etag"));
        for (String no : List.of("identity", "gzip;q=0", "gzip; q=0.00")) {
            assertThat(header(ask("GET", path, "Accept-Encoding", no), "content-encoding"))
                    .as(no)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/../openapi.yaml",
                "/%2e%2e/openapi.yaml",
                "/..%2fopenapi.yaml",
                "/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "/....//openapi.yaml",
                "/screens/../../openapi.yaml",
                "/screens%5c..%5capp.js",
                "/app.js%00",
                "/app.js/",
                "/screens",
                "/screens/",
                "/",
                "/APP.JS",
                "/file:///etc/passwd"
            })
    void servesNothingButTheFiles(String path) throws IOException {
        String answer = raw("GET " + assets() + path + " HTTP/1.1");
        assertThat(answer).startsWith("HTTP/1.1 4");
        assertThat(answer).doesNotContain("openapi: 3").doesNotContain("root:").doesNotContain("import {");
    }

    @Test
    void rejectsWrites() {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
            assertThat(ask(method, "/").statusCode()).as(method).isIn(404, 405);
            assertThat(ask(method, assets() + "/app.js").statusCode())
                    .as(method)
                    .isIn(404, 405);
        }
    }

    /** Sends a raw request line, since an HTTP client would normalize the path. */
    private static String raw(String line) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), brain.port())) {
            socket.setSoTimeout(15_000);
            socket.getOutputStream()
                    .write((line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
