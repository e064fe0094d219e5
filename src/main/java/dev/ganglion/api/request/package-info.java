/** One REST request: contract, authentication, role check, audit, and the answer. */
@NullMarked
package dev.ganglion.api.request;

import org.jspecify.annotations.NullMarked;
