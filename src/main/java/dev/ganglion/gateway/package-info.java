/** Sockets: admission, one verticle and one session per connection. */
@NullMarked
package dev.ganglion.gateway;

import org.jspecify.annotations.NullMarked;
