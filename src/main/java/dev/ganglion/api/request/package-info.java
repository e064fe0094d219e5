/** Handles one REST request: contract, authentication, role check, audit, and the reply. */
@NullMarked
package dev.ganglion.api.request;

import org.jspecify.annotations.NullMarked;
