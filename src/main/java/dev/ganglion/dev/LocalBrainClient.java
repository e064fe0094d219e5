package dev.ganglion.dev;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.ganglion.config.GanglionConfig;
import dev.ganglion.config.TlsFiles;
import dev.ganglion.config.value.Secret;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A client for the HTTP port of a brain on this machine. It needs only the brain's configuration to find the port.
 * Every call blocks.
 *
 * <p>Over TLS the client trusts exactly the certificate file that the configuration names, regardless of its issuer and
 * its host name.
 */
public final class LocalBrainClient {
    private static final int LIMIT_MILLIS = 5_000;

    private final String url;
    private final boolean proxyProtocol;
    private final Optional<SSLSocketFactory> tls;

    private LocalBrainClient(String url, boolean proxyProtocol, Optional<SSLSocketFactory> tls) {
        this.url = url;
        this.proxyProtocol = proxyProtocol;
        this.tls = tls;
    }

    /** Returns a client for a brain with this configuration that listens on {@code port}. */
    public static LocalBrainClient of(GanglionConfig config, int port) throws IOException {
        Optional<TlsFiles> files = config.http().tls();
        return new LocalBrainClient(
                url(config, port, "http"),
                config.http().proxyProtocol(),
                files.isPresent() ? Optional.of(trusting(files.get())) : Optional.empty());
    }

    /**
     * Returns the URL at which this machine reaches a brain with this configuration.
     *
     * @param scheme scheme without the {@code s} for TLS, such as {@code http} or {@code ws}
     */
    public static String url(GanglionConfig config, int port, String scheme) {
        String host = config.http().host();
        boolean any = host.equals("0.0.0.0") || host.equals("::");
        String shown = any ? "127.0.0.1" : host.indexOf(':') < 0 ? host : "[" + host + "]";
        return scheme + (config.http().tls().isPresent() ? "s" : "") + "://" + shown + ":" + port;
    }

    /** Holds a response. */
    record Answer(int status, String body) {
        /**
         * Returns the body of a successful response.
         *
         * @throws IOException if the status is 300 or above
         */
        JsonObject success() throws IOException {
            if (status >= 300) {
                throw new IOException("HTTP " + status + ": " + body);
            }
            return new JsonObject(body);
        }
    }

    /** Returns whether the brain reports that it is ready for traffic. */
    boolean ready() {
        try {
            return status("/readyz").contains(" 200 ");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Requests a path and returns the status line of the response. Sends a PROXY protocol header first if the port
     * expects one.
     */
    public String status(String path) throws IOException {
        URI uri = URI.create(url);
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), LIMIT_MILLIS);
            plain.setSoTimeout(LIMIT_MILLIS);
            if (proxyProtocol) {
                plain.getOutputStream().write("PROXY UNKNOWN\r\n".getBytes(US_ASCII));
            }
            try (Socket socket =
                    tls.isPresent() ? tls.get().createSocket(plain, uri.getHost(), uri.getPort(), true) : plain) {
                String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(US_ASCII));
                @Nullable
                String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
                if (line == null) {
                    throw new IOException("the brain closed the connection without an answer");
                }
                return line;
            }
        }
    }

    Answer get(String path, @Nullable Secret bearer) throws IOException {
        return answer(opened(path, bearer));
    }

    Answer post(String path, Secret bearer, JsonObject body) throws IOException {
        HttpURLConnection connection = opened(path, bearer);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.encode().getBytes(UTF_8));
        }
        return answer(connection);
    }

    private HttpURLConnection opened(String path, @Nullable Secret bearer) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            tls.ifPresent(secure::setSSLSocketFactory);
            secure.setHostnameVerifier((host, session) -> true);
        }
        connection.setConnectTimeout(LIMIT_MILLIS);
        connection.setReadTimeout(LIMIT_MILLIS);
        if (bearer != null) {
            connection.setRequestProperty("Authorization", "Bearer " + bearer.value());
        }
        return connection;
    }

    private static Answer answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new Answer(status, in == null ? "" : new String(in.readAllBytes(), UTF_8));
        }
    }

    private static SSLSocketFactory trusting(TlsFiles files) throws IOException {
        try (InputStream pem = Files.newInputStream(files.cert())) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("own-" + number++, certificate);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificate " + files.cert() + " cannot be used: " + e.getMessage(), e);
        }
    }
}
