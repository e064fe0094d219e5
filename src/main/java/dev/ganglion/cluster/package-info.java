/** Cluster membership, the slot directory and connection caps. The only package that uses Hazelcast. */
@NullMarked
package dev.ganglion.cluster;

import org.jspecify.annotations.NullMarked;
