/** Which nodes there are and which of them holds what: membership, the slot directory, caps. The only user of Hazelcast. */
@NullMarked
package dev.ganglion.cluster;

import org.jspecify.annotations.NullMarked;
