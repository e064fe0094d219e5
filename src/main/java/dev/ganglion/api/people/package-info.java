/** REST operations for users, login sessions, API keys and the audit log. */
@NullMarked
package dev.ganglion.api.people;

import org.jspecify.annotations.NullMarked;
