package dev.ganglion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Provides the version of this build. */
public final class Version implements IVersionProvider {
    private static final String RESOURCE = "/version.properties";

    private Version() {}

    /** Returns the line that {@code version} and {@code --version} print. */
    public static String line() {
        return "ganglion " + current();
    }

    @Override
    public String[] getVersion() {
        return new String[] {line()};
    }

    public static String current() {
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + RESOURCE);
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
