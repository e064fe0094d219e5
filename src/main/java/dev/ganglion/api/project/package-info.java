/** REST operations for projects and everything in a project: agents, events, projections and commands. */
@NullMarked
package dev.ganglion.api.project;

import org.jspecify.annotations.NullMarked;
