package dev.ganglion.cli;

import dev.ganglion.agent.BrainAddress;
import dev.ganglion.config.value.Secret;
import dev.ganglion.dev.DevHome;
import dev.ganglion.protocol.error.GanglionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * Command-line options that give the address of the brain's REST interface and the API key. The key is never printed.
 */
final class RestAccess {
    private static final String PORT = "7700";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "URL of the brain (default: http://127.0.0.1, port $GANGLION_HTTP_PORT or " + PORT + ")")
    private @Nullable String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "API key (default: $GANGLION_ADMIN_KEY; for a brain on this machine also the admin key of 'dev')")
    private @Nullable String key;

    @Option(names = "--key-file", paramLabel = "FILE", description = "file that contains the key")
    private @Nullable Path keyFile;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "PEM file of CA certificates to trust instead of the JVM's")
    private @Nullable Path trusted;

    /** Opens a connection to the brain, which the caller must close. */
    BrainRest open(CommandSpec spec, Map<String, String> environment) throws IOException {
        BrainAddress brain;
        try {
            brain = BrainAddress.parse(
                    url == null ? "http://127.0.0.1:" + environment.getOrDefault("GANGLION_HTTP_PORT", PORT) : url);
        } catch (GanglionException e) {
            throw AgentAccess.wrong(spec, String.valueOf(e.getMessage()));
        }
        return new BrainRest(brain, key(spec, environment, !brain.tls()), trusted);
    }

    /**
     * Returns the API key. The key of {@code dev} is used only for plain HTTP, which is allowed only to this machine,
     * so that the key never leaves it.
     */
    private Secret key(CommandSpec spec, Map<String, String> environment, boolean here) throws IOException {
        if (key != null && keyFile != null) {
            throw AgentAccess.wrong(spec, "--key and --key-file exclude each other");
        }
        String text = key;
        if (keyFile != null) {
            text = read(spec, keyFile);
        } else if (text == null) {
            text = environment.get("GANGLION_ADMIN_KEY");
        }
        if ((text == null || text.isBlank()) && here) {
            text = DevHome.readWithoutCreating(environment, DevHome.ADMIN_KEY).orElse("");
        }
        if (text == null || text.isBlank()) {
            throw AgentAccess.wrong(spec, "the API key is missing: use --key-file or set GANGLION_ADMIN_KEY");
        }
        return Secret.of(text.strip());
    }

    private static String read(CommandSpec spec, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw AgentAccess.wrong(
                    spec,
                    "--key-file " + file + " cannot be read: " + e.getClass().getSimpleName());
        }
    }
}
