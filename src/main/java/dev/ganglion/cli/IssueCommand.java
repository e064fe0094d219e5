package dev.ganglion.cli;

import dev.ganglion.command.Verb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Implements {@code ganglion command <verb>}, which issues a command to an agent and waits for its outcome. */
@Command(
        name = "command",
        description = "Issue a command to an agent, and wait for its outcome.",
        synopsisSubcommandLabel = "VERB",
        mixinStandardHelpOptions = true)
final class IssueCommand {
    private IssueCommand() {}

    /** Returns the command line with one subcommand per verb. */
    static CommandLine commandLine(Console console) {
        CommandLine command = new CommandLine(new IssueCommand());
        for (Verb verb : Verb.values()) {
            CommandLine line = new CommandLine(new VerbCommand(verb, console.environment()));
            VerbFields.describe(verb, line.getCommandSpec());
            command.addSubcommand(verb.route(), line, verb.wireName());
        }
        return command.registerConverter(JsonObject.class, JsonObject::new)
                .registerConverter(JsonArray.class, JsonArray::new);
    }
}
