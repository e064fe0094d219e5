package dev.ganglion.docs;

import dev.ganglion.config.key.ConfigKey;
import dev.ganglion.config.key.ConfigKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the page about configuration from the table of keys. */
final class ConfigurationPage {
    private static final String INTRODUCTION = """
            # Configuration

            This page shows how to configure a brain, and lists every key. [`conf/ganglion.yaml`](../../conf/ganglion.yaml) contains the same list as a commented file.

            **Contents:** [Set a key](#set-a-key) · [How values are written](#how-values-are-written) · [Secrets](#secrets) · [Check a configuration](#check-a-configuration) ·
            [All keys](#all-keys): %s

            ## Set a key

            A key has a value from one of four sources. A later source overrides an earlier one:

            1. the default,
            2. the file that `--config` names,
            3. the environment,
            4. the command line, with `--set key=value`.

            The file is YAML. Dots in the name of a key separate sections:

            ```yaml
            http:
              port: 7700
              trusted-proxies: [10.0.0.20, 10.1.0.0/16]
            redis:
              uri: redis://10.0.0.10:6379
            master-secret-file: /run/secrets/master-secret
            agent:
              idle-timeout: 90s
            ```

            The variable of a key is its name in capitals, with `GANGLION_` in front, and `_` for dots and dashes. The brain treats an empty variable as not set:

            ```sh
            export GANGLION_HTTP_PORT=7700
            export GANGLION_AGENT_IDLE_TIMEOUT=90s
            ```

            The command line overrides both:

            ```sh
            java -jar target/ganglion.jar serve --config ganglion.yaml --set http.port=7800 --set log.level=debug
            ```

            ## How values are written

            | Kind | Form | Example |
            |---|---|---|
            | duration | a number with a unit: `ms`, `s`, `m`, `h`, `d` | `90s` |
            | size | a number with a unit: `B`, `KiB`, `MiB`, `GiB`, `TiB`, `PiB` | `4MiB` |
            | list | a YAML list; in a variable or with `--set`, separated by commas | `10.0.0.1, 10.0.0.2` |
            | file | a path; a relative path starts at the working directory | `/etc/ganglion/tls.pem` |

            ## Secrets

            The brain reads a secret from a file if you append `-file` to the key, or `_FILE` to the variable: `master-secret-file` or `GANGLION_MASTER_SECRET_FILE` names a file that contains the master secret.
            The brain ignores the last line end of the file. A file for a list of secrets has one secret per line. The tables below mark these keys with *secret*.

            Prefer files. Other users of a machine can read command lines, and often environments. The brain never prints a secret; it shows `[REDACTED]`.

            ## Check a configuration

            `config check` validates file, environment and options together. It reports every fault at once, with the key, the place and the allowed values:

            ```sh
            java -jar target/ganglion.jar config check --config ganglion.yaml
            ```

            `config show` prints the value of every key and its source. `config reference` prints all keys as a commented file.
            A brain with an invalid configuration does not start and ends with [exit code 3](command-line.md#exit-codes).

            ## All keys

            A dash in the column *Default* means that the key is not set.
            """;

    private static final Map<String, String> TITLES = new LinkedHashMap<>();

    static {
        TITLES.put("http", "HTTP: agents, REST and the page");
        TITLES.put("redis", "Redis");
        TITLES.put("", "Master secret and admin key");
        TITLES.put("auth", "Logins");
        TITLES.put("audit", "Audit");
        TITLES.put("agent", "Agent connections");
        TITLES.put("events", "Retention of events and tasks");
        TITLES.put("projection", "Memory of projections");
        TITLES.put("store", "While Redis is unavailable");
        TITLES.put("cluster", "Cluster");
        TITLES.put("drain", "Drain");
        TITLES.put("metrics", "Metrics");
        TITLES.put("log", "Logs");
    }

    private static final Map<String, String> NOTES = Map.of(
            "redis", "[Redis](redis.md) explains topologies, durability and access control.",
            "cluster", "[Running a cluster](running-a-cluster.md) shows which keys are equal on all nodes.",
            "", "[Operating](operating.md#rotate-the-master-secret) shows how to rotate the master secret.",
            "auth", "[People, roles and audit](people.md#logins) explains logins.",
            "drain", "[Operating](operating.md#drain-a-node) explains what a draining node does.");

    private ConfigurationPage() {}

    static String text() {
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(contents()));
        for (Map.Entry<String, String> section : TITLES.entrySet()) {
            page.append("\n### ").append(section.getValue()).append("\n\n");
            if (NOTES.containsKey(section.getKey())) {
                page.append(NOTES.get(section.getKey())).append("\n\n");
            }
            page.append(table(section.getKey()));
        }
        return page.toString();
    }

    private static String contents() {
        List<String> links = TITLES.values().stream()
                .map(title -> "[" + title.replaceFirst(":.*", "") + "](#" + ReferencePages.anchor(title) + ")")
                .toList();
        return String.join(" · ", links);
    }

    private static Table table(String section) {
        Table table = Table.of("Key and variable", "Default", "Allowed", "Meaning");
        for (ConfigKey<?> key : ConfigKeys.all()) {
            if (!TITLES.containsKey(key.section())) {
                throw new IllegalStateException("no title for the section of " + key.name());
            }
            if (key.section().equals(section)) {
                String preset = key.defaultText()
                        .filter(text -> !text.isEmpty())
                        .map(text -> "`" + text + "`")
                        .orElse("–");
                String names =
                        "`" + key.name() + "`<br>`" + key.variable() + "`" + (key.secret() ? "<br>*secret*" : "");
                table.add(names, preset, key.range(), key.description());
            }
        }
        return table;
    }
}
