/** Holds projects, agents, their tokens and secrets, and users, login sessions, API keys, roles and the audit. */
@NullMarked
package dev.ganglion.auth;

import org.jspecify.annotations.NullMarked;
