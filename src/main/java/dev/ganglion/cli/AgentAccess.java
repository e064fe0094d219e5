package dev.ganglion.cli;

import dev.ganglion.agent.AgentOptions;
import dev.ganglion.agent.AgentProfile;
import dev.ganglion.agent.outbox.Batching;
import dev.ganglion.config.value.Secret;
import dev.ganglion.protocol.Dialect;
import dev.ganglion.protocol.error.GanglionException;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Command-line options that give the brain's address and the agent's credentials. Secrets are never printed. */
final class AgentAccess {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "URL of the brain, wss://host:port (default: $Z4J_BRAIN_URL)")
    private @Nullable String url;

    @Option(names = "--token", paramLabel = "TOKEN", description = "token of the agent (default: $Z4J_TOKEN)")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "file that contains the token")
    private @Nullable Path tokenFile;

    @Option(
            names = "--secret",
            paramLabel = "SECRET",
            description = "signing secret of the project, in base64 (default: $Z4J_HMAC_SECRET)")
    private @Nullable String secret;

    @Option(names = "--secret-file", paramLabel = "FILE", description = "file that contains the signing secret")
    private @Nullable Path secretFile;

    @Option(
            names = "--tls-ca",
            paramLabel = "FILE",
            description = "PEM file of CA certificates to trust instead of the JVM's")
    private @Nullable Path trusted;

    @Option(names = "--worker-id", paramLabel = "ID", description = "worker_id of the agent's process (default: none)")
    private @Nullable String workerId;

    @Option(names = "--library", description = "use the protocol dialect of released agents, on /ws/agent")
    private boolean library;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "number of events per batch, 1 to " + Batching.MAX_BATCH_SIZE + " (default: 100)")
    private int batchSize = Batching.DEFAULT.batchSize();

    AgentOptions options(CommandSpec spec, Map<String, String> environment) {
        String brain = url == null ? environment.get("Z4J_BRAIN_URL") : url;
        if (brain == null || brain.isBlank()) {
            throw wrong(spec, "the URL of the brain is missing: use --url or set Z4J_BRAIN_URL");
        }
        Secret bearer = secret(spec, "token", token, tokenFile, environment.get("Z4J_TOKEN"));
        Secret signing = secret(spec, "secret", secret, secretFile, environment.get("Z4J_HMAC_SECRET"));
        try {
            return AgentOptions.of(brain, bearer, signing)
                    .withDialect(library ? Dialect.LIBRARY : Dialect.DOCUMENTED)
                    .withProfile(AgentProfile.simulated(workerId))
                    .withBatching(Batching.DEFAULT.withBatchSize(batchSize))
                    .withTls(trust());
        } catch (IllegalArgumentException | GanglionException e) {
            throw wrong(spec, String.valueOf(e.getMessage()));
        }
    }

    static ParameterException wrong(CommandSpec spec, String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private @Nullable ClientSSLOptions trust() {
        return trusted == null
                ? null
                : new ClientSSLOptions()
                        .setHostnameVerificationAlgorithm("HTTPS")
                        .setTrustOptions(new PemTrustOptions().addCertPath(trusted.toString()));
    }

    private static Secret secret(
            CommandSpec spec, String name, @Nullable String given, @Nullable Path file, @Nullable String variable) {
        if (given != null && file != null) {
            throw wrong(spec, "--" + name + " and --" + name + "-file exclude each other");
        }
        String value = given != null ? given : file != null ? read(spec, name, file) : variable;
        if (value == null || value.isBlank()) {
            String fallback = name.equals("token") ? "Z4J_TOKEN" : "Z4J_HMAC_SECRET";
            throw wrong(spec, "the " + name + " is missing: use --" + name + "-file or set " + fallback);
        }
        return Secret.of(value.strip());
    }

    private static String read(CommandSpec spec, String name, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw wrong(
                    spec,
                    "--" + name + "-file " + file + " cannot be read: "
                            + e.getClass().getSimpleName());
        }
    }
}
