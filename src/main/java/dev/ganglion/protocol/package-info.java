/**
 * The agent protocol: frames, canonical JSON, signatures, replay rules, close codes and keys. The package does no I/O.
 */
@NullMarked
package dev.ganglion.protocol;

import org.jspecify.annotations.NullMarked;
