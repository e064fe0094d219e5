/** Projects and agents, and the tokens and secrets that authenticate agents. */
@NullMarked
package dev.ganglion.auth;

import org.jspecify.annotations.NullMarked;
