package dev.ganglion.dev.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisBinaryTest {
    @TempDir
    Path directory;

    @Test
    void extractsTheServerOnceAndAgainIfItIsDamaged() throws IOException {
        Path binary = RedisBinary.extracted(directory);
        byte[] whole = Files.readAllBytes(binary);
        Object first = Files.readAttributes(binary, "unix:ino").get("ino");

        assertThat(RedisBinary.extracted(directory)).isEqualTo(binary).isExecutable();
        assertThat(Files.readAttributes(binary, "unix:ino").get("ino")).isEqualTo(first);

        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 1;
        Files.write(binary, damaged);

        assertThat(RedisBinary.extracted(directory)).hasBinaryContent(whole);
        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @ParameterizedTest
    @CsvSource({"Linux, amd64", "Linux, aarch64", "Linux, i386", "Mac OS X, x86_64", "Mac OS X, aarch64"})
    void bundlesAServerFor(String system, String architecture) throws IOException {
        assertThat(RedisBinary.resource(system, architecture)).hasSizeGreaterThan(1 << 20);
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Linux, riscv64"})
    void namesTheRemedyOnOtherPlatforms(String system, String architecture) {
        assertThatThrownBy(() -> RedisBinary.resource(system, architecture))
                .isInstanceOf(RedisProcessException.class)
                .hasMessageContaining(system)
                .hasMessageContaining("redis.uri");
    }
}
