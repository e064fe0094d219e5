package dev.ganglion.bus;

/**
 * Reports that a lane lost its connection to the store, or regained it.
 *
 * @param lane number of the lane
 * @param available whether the store answers the lane's writes
 */
public record StoreAvailability(int lane, boolean available) {}
