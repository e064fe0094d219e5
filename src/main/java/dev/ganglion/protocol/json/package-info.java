/**
 * Canonical JSON: the tokenizer, the tape that it fills, the emitter that writes canonical bytes, and values as
 * canonical bytes.
 */
@NullMarked
package dev.ganglion.protocol.json;

import org.jspecify.annotations.NullMarked;
