/** The audit chain: appending, verification and repair. */
@NullMarked
package dev.ganglion.auth.audit;

import org.jspecify.annotations.NullMarked;
