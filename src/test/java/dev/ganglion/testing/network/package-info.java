/** Ports, certificates, and proxies that break connections. */
@NullMarked
package dev.ganglion.testing.network;

import org.jspecify.annotations.NullMarked;
