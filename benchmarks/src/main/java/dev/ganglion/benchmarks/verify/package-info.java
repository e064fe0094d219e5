/** What verifying a frame costs, beside the signature alone. */
package dev.ganglion.benchmarks.verify;
