package dev.ganglion.cli;

import dev.ganglion.config.LoadedConfig;
import dev.ganglion.config.listing.ConfigListing;
import dev.ganglion.config.listing.ConfigReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Implements {@code ganglion config}, which checks and shows a configuration without starting a brain. */
@Command(name = "config", description = "Check a configuration, show it, or print the reference of all keys.")
final class ConfigCommand {
    /** Output formats of {@code config show}. */
    enum ListingFormat {
        TEXT,
        YAML
    }

    /** Output formats of {@code config reference}. */
    enum ReferenceFormat {
        YAML,
        MARKDOWN
    }

    private final Console console;

    ConfigCommand(Console console) {
        this.console = console;
    }

    @Command(
            name = "check",
            description =
                    "Validate file, environment and options together. Reports every fault with its line or variable.")
    int check(@Mixin ConfigOptions options) {
        LoadedConfig loaded = options.load(console.environment());
        console.out().println("The configuration is valid.");
        if (loaded.config().security().masterSecret().isEmpty()) {
            console.out().println("Note: master-secret is not set; `serve` needs it to start.");
        }
        return ExitCode.OK;
    }

    @Command(name = "show", description = "Show the value and the origin of every key. Secrets are masked.")
    int show(
            @Mixin ConfigOptions options,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "text",
                            description = "text or yaml (default: ${DEFAULT-VALUE}).")
                    ListingFormat format) {
        LoadedConfig loaded = options.load(console.environment());
        print(
                switch (format) {
                    case TEXT -> ConfigListing.text(loaded);
                    case YAML -> ConfigListing.yaml(loaded);
                });
        return ExitCode.OK;
    }

    @Command(name = "reference", description = "Print every key with its default, allowed values and meaning.")
    int reference(
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "yaml",
                            description = "yaml or markdown (default: ${DEFAULT-VALUE}).")
                    ReferenceFormat format) {
        print(
                switch (format) {
                    case YAML -> ConfigReference.yaml();
                    case MARKDOWN -> ConfigReference.markdown();
                });
        return ExitCode.OK;
    }

    private void print(String text) {
        console.out().print(text);
        console.out().flush();
    }
}
