package dev.ganglion.bus;

/**
 * Published whenever a lane loses the store or has it back.
 *
 * @param lane the lane
 * @param available whether writes are answered
 */
public record StoreAvailability(int lane, boolean available) {}
