package dev.ganglion.docs;

import dev.ganglion.cli.Console;
import dev.ganglion.cli.Main;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Writes the page about the command line from picocli's model of the commands. */
final class CommandLinePage {
    private static final String INTRODUCTION = """
            # Command line

            One program starts a brain and operates it. This page lists its commands with their options, and the exit codes.

            **Contents:** [Call it](#call-it) · [Commands](#commands) · [Exit codes](#exit-codes) · [Configuration options](#configuration-options) · [Address and key](#address-and-key) · %s

            ## Call it

            The build puts the program into `target/ganglion.jar`:

            ```sh
            java -jar target/ganglion.jar --help
            ```

            Other pages write `ganglion` for `java -jar target/ganglion.jar`. This function does the same in a shell:

            ```sh
            ganglion() { java -jar target/ganglion.jar "$@"; }
            ```

            Every command has `--help` (`-h`), which prints the same as this page, and `--version` (`-V`).

            ## Commands

            %s
            ## Exit codes

            | Code | Meaning |
            |---|---|
            %s
            The section of a command lists its codes if they differ from these.

            ## Configuration options

            The commands that read the [configuration](configuration.md) share these options: %s.

            %s
            ## Address and key

            The commands that call the REST API of a brain share these options: %s.

            %s
            For the brain of `dev` on the same machine, no option is needed. For any other brain, give the address, and a key with the required [role](people.md#roles):

            ```sh
            java -jar target/ganglion.jar status --url https://brain.example.org --key-file secrets/admin-key
            ```
            """;

    private static final Map<String, String> EXAMPLES = Map.ofEntries(
            Map.entry("dev", "dev --nodes 3 --agents 10"),
            Map.entry("serve", "serve --config ganglion.yaml"),
            Map.entry("agent", "agent --rate 50"),
            Map.entry("command", "command pool-resize --agent simulated-1 --worker-name celery@worker-1 --delta 2"),
            Map.entry("config check", "config check --config ganglion.yaml"),
            Map.entry("config show", "config show --config ganglion.yaml --format yaml"),
            Map.entry("config reference", "config reference > ganglion.yaml"),
            Map.entry("status", "status"),
            Map.entry("drain", "drain 10.0.0.2:7700 --url https://brain.example.org --key-file secrets/admin-key"),
            Map.entry("health", "health --ready --config ganglion.yaml"),
            Map.entry("audit verify", "audit verify --config ganglion.yaml"),
            Map.entry("audit repair", "audit repair --config ganglion.yaml"),
            Map.entry("store show", "store show --config ganglion.yaml"),
            Map.entry(
                    "store accept",
                    "store accept --config ganglion.yaml --replaces 0e5ea6ee-1d9d-40c0-9042-b9f08a7d584e"),
            Map.entry("version", "version"));

    private static final Map<String, String> SHARED = new LinkedHashMap<>();

    static {
        SHARED.put("ConfigOptions", "configuration options");
        SHARED.put("RestAccess", "address and key");
    }

    private CommandLinePage() {}

    static String text() {
        CommandLine root = Main.commandLine(console());
        List<CommandSpec> commands = root.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .toList();
        StringBuilder page = new StringBuilder(INTRODUCTION.formatted(
                commands.stream().map(CommandLinePage::link).collect(Collectors.joining(" · ")),
                overview(commands),
                exitCodes(root.getCommandSpec()),
                users(commands, "ConfigOptions"),
                options(sharedOptions(commands, "ConfigOptions")),
                users(commands, "RestAccess"),
                options(sharedOptions(commands, "RestAccess"))));
        for (CommandSpec command : commands) {
            page.append("\n## ").append(command.name()).append("\n\n");
            if (command.name().equals("command")) {
                page.append(verbs(command));
            } else if (command.subcommands().isEmpty()) {
                page.append(body(command.name(), command, root.getCommandSpec()));
            } else {
                page.append(description(command)).append('\n');
                new TreeMap<>(command.subcommands()).values().forEach(sub -> {
                    String name = command.name() + " " + sub.getCommandName();
                    page.append("\n### ").append(name).append("\n\n");
                    page.append(body(name, sub.getCommandSpec(), root.getCommandSpec()));
                });
            }
        }
        return page.toString();
    }

    /** Returns a console without output and environment. */
    static Console console() {
        return new Console(new PrintWriter(Writer.nullWriter()), new PrintWriter(Writer.nullWriter()), Map.of());
    }

    private static String link(CommandSpec command) {
        return "[" + command.name() + "](#" + ReferencePages.anchor(command.name()) + ")";
    }

    private static Table overview(List<CommandSpec> commands) {
        Table table = Table.of("Command", "Purpose");
        for (CommandSpec command : commands) {
            table.add(link(command), firstSentence(description(command)));
        }
        return table;
    }

    private static String firstSentence(String text) {
        return text.replaceFirst("(?s)^(.*?\\.)( .*|\\n.*)$", "$1");
    }

    private static String description(CommandSpec command) {
        return String.join("\n", command.usageMessage().description()).replace("%%", "%");
    }

    private static String exitCodes(CommandSpec command) {
        return command.usageMessage().exitCodeList().entrySet().stream()
                .map(code -> "| " + code.getKey() + " | " + code.getValue() + " |\n")
                .collect(Collectors.joining());
    }

    private static String example(String name) {
        if (!EXAMPLES.containsKey(name)) {
            throw new IllegalStateException("no example for the command " + name);
        }
        return "```sh\njava -jar target/ganglion.jar " + EXAMPLES.get(name) + "\n```\n";
    }

    private static String body(String name, CommandSpec command, CommandSpec root) {
        StringBuilder body =
                new StringBuilder(description(command)).append("\n\n").append(example(name));
        List<ArgSpec> own = new ArrayList<>(command.positionalParameters());
        Set<String> shared = new LinkedHashSet<>();
        for (OptionSpec option : command.options()) {
            String mixin = SHARED.keySet().stream()
                    .filter(each -> mixin(command, each).contains(option.longestName()))
                    .findFirst()
                    .orElse("");
            if (!mixin.isEmpty()) {
                shared.add(mixin);
            } else if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
                own.add(option);
            }
        }
        if (!own.isEmpty()) {
            body.append('\n').append(options(own));
        }
        for (String each : shared) {
            String title = SHARED.getOrDefault(each, "");
            body.append("\nThe [")
                    .append(title)
                    .append("](#")
                    .append(ReferencePages.anchor(title))
                    .append(") apply too.\n");
        }
        String codes = exitCodes(command);
        if (!codes.equals(exitCodes(root))) {
            body.append("\n| Exit code | Meaning |\n|---|---|\n").append(codes);
        }
        return body.toString();
    }

    /** The options of the verbs: first those that all verbs share, then the others of each verb. */
    private static String verbs(CommandSpec command) {
        Collection<CommandLine> verbs =
                new LinkedHashSet<>(command.subcommands().values());
        CommandSpec any = verbs.iterator().next().getCommandSpec();
        Set<String> common = new LinkedHashSet<>(any.optionsMap().keySet());
        verbs.forEach(
                verb -> common.retainAll(verb.getCommandSpec().optionsMap().keySet()));
        StringBuilder text =
                new StringBuilder(description(command)).append("\n\n").append(example("command"));
        text.append("\nEvery verb has these options. The [address and key](#address-and-key) apply too.\n\n");
        text.append(options(any.options().stream()
                .filter(option -> common.contains(option.longestName()) && !option.usageHelp() && !option.versionHelp())
                .filter(option -> !mixin(any, "RestAccess").contains(option.longestName()))
                .toList()));
        text.append("\n| Exit code | Meaning |\n|---|---|\n").append(exitCodes(any));
        for (CommandLine verb : verbs) {
            text.append("\n### command ").append(verb.getCommandName()).append("\n\n");
            text.append(description(verb.getCommandSpec())).append("\n\n");
            text.append(options(verb.getCommandSpec().options().stream()
                    .filter(option -> !common.contains(option.longestName()))
                    .toList()));
        }
        return text.toString();
    }

    private static Set<String> mixin(CommandSpec command, String type) {
        Set<String> names = new LinkedHashSet<>();
        for (CommandSpec mixin : command.mixins().values()) {
            if (mixin.userObject().getClass().getSimpleName().equals(type)) {
                mixin.options().forEach(option -> names.add(option.longestName()));
            }
        }
        return names;
    }

    private static List<CommandSpec> leaves(List<CommandSpec> commands) {
        List<CommandSpec> leaves = new ArrayList<>();
        for (CommandSpec command : commands) {
            Set<CommandLine> subs = new LinkedHashSet<>(new TreeMap<>(command.subcommands()).values());
            leaves.addAll(
                    subs.isEmpty()
                            ? List.of(command)
                            : subs.stream().map(CommandLine::getCommandSpec).toList());
        }
        return leaves;
    }

    private static String users(List<CommandSpec> commands, String mixin) {
        return leaves(commands).stream()
                .filter(command -> !mixin(command, mixin).isEmpty())
                .map(command -> command.parent().name().equals("command")
                        ? "command"
                        : command.qualifiedName().replaceFirst("ganglion ", ""))
                .distinct()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
    }

    private static List<OptionSpec> sharedOptions(List<CommandSpec> commands, String mixin) {
        CommandSpec user = leaves(commands).stream()
                .filter(command -> !mixin(command, mixin).isEmpty())
                .findFirst()
                .orElseThrow();
        return user.options().stream()
                .filter(option -> mixin(user, mixin).contains(option.longestName()))
                .toList();
    }

    private static Table options(List<? extends ArgSpec> arguments) {
        Table table = Table.of("Option", "Meaning");
        for (ArgSpec argument : arguments) {
            table.add(name(argument), meaning(argument));
        }
        return table;
    }

    private static String name(ArgSpec argument) {
        if (argument instanceof PositionalParamSpec) {
            return "`" + argument.paramLabel() + "`";
        }
        OptionSpec option = (OptionSpec) argument;
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return Arrays.stream(option.names())
                .map(each -> "`" + each + value + "`")
                .collect(Collectors.joining(", "));
    }

    private static String meaning(ArgSpec argument) {
        String text = String.join(" ", argument.description())
                .replace("${DEFAULT-VALUE}", String.valueOf(argument.defaultValueString()))
                .replace("%%", "%");
        boolean literal = argument.type().isEnum() || text.startsWith("worker_id");
        String sentence = literal ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
        String ended = sentence.endsWith(".") ? sentence : sentence + ".";
        return (argument.required() ? ended + " *Required.*" : ended).replace("<", "&lt;");
    }
}
