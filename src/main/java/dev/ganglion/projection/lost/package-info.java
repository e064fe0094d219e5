/**
 * Lost tasks: started tasks whose worker is gone, and the questions that the brain asks about them. The policy is pure;
 * ports connect it to the presence of workers, to commands and to the projection.
 */
@NullMarked
package dev.ganglion.projection.lost;

import org.jspecify.annotations.NullMarked;
