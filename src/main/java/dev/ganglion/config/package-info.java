/** Configuration records, their loading (defaults, file, environment, flags), their validation, and secrets. */
@NullMarked
package dev.ganglion.config;

import org.jspecify.annotations.NullMarked;
