/** What the parts reach alone: nothing made of them can be faster. */
package dev.ganglion.benchmarks.ceilings;
