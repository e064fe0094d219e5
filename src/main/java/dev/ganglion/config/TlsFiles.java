package dev.ganglion.config;

import java.nio.file.Path;

/**
 * A certificate and its key, both PEM.
 *
 * @param cert the certificate, with its chain
 * @param key the private key
 */
public record TlsFiles(Path cert, Path key) {}
