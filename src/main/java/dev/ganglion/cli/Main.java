package dev.ganglion.cli;

import dev.ganglion.Version;
import dev.ganglion.config.source.ConfigException;
import dev.ganglion.dev.redis.RedisProcessException;
import dev.ganglion.protocol.error.ErrorCode;
import dev.ganglion.protocol.error.GanglionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The command line. Each command is a class of its own that {@link #commandLine} adds. */
@Command(
        name = "ganglion",
        description = "A clustered brain for z4j agents.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            ExitCode.OK + ":success",
            ExitCode.FAILED + ":the command failed",
            ExitCode.WRONG_USAGE + ":the command line is wrong",
            ExitCode.INVALID_CONFIGURATION + ":the configuration is not valid"
        })
public final class Main {
    private Main() {}

    /** Runs the command that the arguments name, and ends the process with its exit code. */
    public static void main(String[] args) {
        // Before any library is loaded: in Turkish and Azerbaijani, lower and upper case of i are other letters, and
        // other
        // locales have other digits. Names of constants, headers and metrics would not match.
        Locale.setDefault(Locale.ROOT);
        System.exit(commandLine(Console.system()).execute(args));
    }

    /** Creates the command line with all commands, which use the given console. */
    public static CommandLine commandLine(Console console) {
        return new CommandLine(new Main())
                .addSubcommand(new DevCommand(console))
                .addSubcommand(new ServeCommand(console))
                .addSubcommand(new AgentCommand(console.environment()))
                .addSubcommand(IssueCommand.commandLine(console))
                .addSubcommand(new ConfigCommand(console))
                .addSubcommand(new StatusCommand(console, Clock.systemUTC()))
                .addSubcommand(new DrainCommand(console))
                .addSubcommand(new HealthCommand(console))
                .addSubcommand(new AuditCommand(console))
                .addSubcommand(new StoreCommand(console))
                .addSubcommand(new VersionCommand(console))
                .setOut(console.out())
                .setErr(console.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, console));
    }

    /** Reports a failure that the user can fix as a message. Any other failure is a bug and prints its stack trace. */
    private static int failed(Exception failure, Console console) {
        if (failure instanceof ConfigException invalid) {
            console.err().println("The configuration is not valid:");
            invalid.problems().forEach(problem -> console.err().println("  " + problem));
            return ExitCode.INVALID_CONFIGURATION;
        }
        if (failure instanceof GanglionException refused) {
            console.err().println("ganglion: " + failure.getMessage());
            return refused.errorCode() == ErrorCode.STORE_MISCONFIGURED
                    ? ExitCode.INVALID_CONFIGURATION
                    : ExitCode.FAILED;
        }
        if (failure instanceof RedisProcessException
                || failure instanceof IOException
                || failure instanceof UncheckedIOException) {
            console.err().println("ganglion: " + failure.getMessage());
        } else {
            failure.printStackTrace(console.err());
        }
        return ExitCode.FAILED;
    }
}
