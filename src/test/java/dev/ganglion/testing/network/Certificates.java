package dev.ganglion.testing.network;

import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A certificate with its own certificate authority, as PEM files.
 *
 * @param cert the certificate
 * @param key private key of the certificate
 * @param authority certificate of the authority
 */
public record Certificates(Path cert, Path key, Path authority) {
    private static final String PASSWORD = "changeit";

    /** Creates the files for a node on the loopback address, with file names that start with {@code name}. */
    public static Certificates make(Path directory, String name) {
        return make(directory, name, "ip:127.0.0.1");
    }

    /** Creates the files for one subject alternative name, such as {@code dns:localhost}. */
    public static Certificates make(Path directory, String name, String subject) {
        Path store = directory.resolve(name + ".p12");
        keytool(store, "ca", "-ext", "bc:c");
        keytool(store, "node", "-signer", "ca", "-ext", "san=" + subject);
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            Key key = keys.getKey("node", PASSWORD.toCharArray());
            return new Certificates(
                    pem(
                            directory.resolve(name + ".pem"),
                            "CERTIFICATE",
                            keys.getCertificate("node").getEncoded()),
                    pem(directory.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded()),
                    pem(
                            directory.resolve(name + "-ca.pem"),
                            "CERTIFICATE",
                            keys.getCertificate("ca").getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the key and certificate for a server. */
    public PemKeyCertOptions forServer() {
        return new PemKeyCertOptions().addCertPath(cert.toString()).addKeyPath(key.toString());
    }

    /** Returns the configuration of a node that uses these files. */
    public Map<String, String> settings() {
        return Map.of(
                "cluster.tls.cert", cert.toString(),
                "cluster.tls.key", key.toString(),
                "cluster.tls.ca", authority.toString());
    }

    private static void keytool(Path store, String alias, String... more) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + alias,
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(List.of(more));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            int exit = process.waitFor();
            if (exit != 0) {
                throw new IllegalStateException("keytool: " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path file, String kind, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }
}
