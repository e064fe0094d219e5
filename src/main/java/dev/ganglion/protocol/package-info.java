/** The agent protocol: frames, canonical JSON, signatures, replay rules, close codes, keys. */
@NullMarked
package dev.ganglion.protocol;

import org.jspecify.annotations.NullMarked;
