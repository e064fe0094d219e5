package dev.ganglion.config;

import java.nio.file.Path;

/**
 * Names the PEM files of a certificate and its key.
 *
 * @param cert path of the certificate, with its chain
 * @param key path of the private key
 */
public record TlsFiles(Path cert, Path key) {}
