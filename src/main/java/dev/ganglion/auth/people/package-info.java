/** Users, logins, API keys, roles and passwords. */
@NullMarked
package dev.ganglion.auth.people;

import org.jspecify.annotations.NullMarked;
