/** JSON on wire bytes: tokenizer, canonical text, numbers, and the small tree that handlers read. */
@NullMarked
package dev.ganglion.protocol.json;

import org.jspecify.annotations.NullMarked;
