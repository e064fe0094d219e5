package dev.ganglion.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTest {
    @ParameterizedTest
    @ValueSource(strings = {"Bearer token", "bearer token", "BEARER token", "Bearer   token ", "bEaReR token"})
    void ignoresTheCaseOfTheScheme(String header) {
        assertThat(Bearer.of(header)).contains("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer    ", "Basic dXNlcg==", "token", "Bearertoken"})
    void rejectsOtherHeaders(String header) {
        assertThat(Bearer.of(header)).isEmpty();
    }

    @Test
    void rejectsAMissingHeader() {
        assertThat(Bearer.of(null)).isEmpty();
    }
}
