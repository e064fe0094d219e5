/** People at the page: a browser, logins, users and the dashboard's socket. */
@NullMarked
package dev.ganglion.testing.people;

import org.jspecify.annotations.NullMarked;
