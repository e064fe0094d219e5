/** Projects and agents, their tokens and secrets; users, sessions, API keys and roles; the audit. */
@NullMarked
package dev.ganglion.auth;

import org.jspecify.annotations.NullMarked;
