/** Projects and agents, their tokens and secrets, API keys. */
@NullMarked
package dev.ganglion.auth;

import org.jspecify.annotations.NullMarked;
