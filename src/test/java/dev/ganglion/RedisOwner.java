package dev.ganglion;

import dev.ganglion.testing.RedisExtension;
import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that has a Redis and waits: its arguments are the data directory and whether to stop at exit. */
final class RedisOwner {
    private RedisOwner() {}

    public static void main(String[] args) throws IOException {
        RedisProcess redis = RedisProcess.start(RedisExtension.spec(Path.of(args[0])));
        if (Boolean.parseBoolean(args[1])) {
            redis.stopAtExit();
        }
        System.out.println(redis.pid());
        System.exit(System.in.read());
    }
}
