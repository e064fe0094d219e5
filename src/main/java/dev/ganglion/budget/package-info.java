/** Budgets of bytes: the memory that a node holds on behalf of clients, and the share of each client. */
@NullMarked
package dev.ganglion.budget;

import org.jspecify.annotations.NullMarked;
