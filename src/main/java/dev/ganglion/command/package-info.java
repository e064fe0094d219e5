/**
 * Commands: the verbs that operators may issue, the life of a command from issue to outcome, and the port to the store.
 */
@NullMarked
package dev.ganglion.command;

import org.jspecify.annotations.NullMarked;
