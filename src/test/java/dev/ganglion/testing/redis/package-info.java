/** Redis servers for tests: one, a cluster, sentinels; and commands to them. */
@NullMarked
package dev.ganglion.testing.redis;

import org.jspecify.annotations.NullMarked;
