/** Load that counts acknowledged events while a brain or a Redis fails. */
@NullMarked
package dev.ganglion.testing.fault;

import org.jspecify.annotations.NullMarked;
