/** What several tests share: real servers, and ways to hurt them. */
@NullMarked
package dev.ganglion.testing;

import org.jspecify.annotations.NullMarked;
