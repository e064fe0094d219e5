package dev.ganglion.dev;

import java.io.PrintWriter;

/**
 * Describes how the nodes of the development cluster are started, and where their output goes.
 *
 * @param main the class whose {@code main} method runs the {@code serve} command
 * @param out receives the nodes' output
 * @param err receives messages about failed nodes
 */
public record NodeLauncher(Class<?> main, PrintWriter out, PrintWriter err) {}
