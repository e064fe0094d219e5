/** Stores users, logins, API keys and the audit chain. */
@NullMarked
package dev.ganglion.store.people;

import org.jspecify.annotations.NullMarked;
