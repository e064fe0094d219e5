package dev.ganglion.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTest {
    @ParameterizedTest
    @ValueSource(strings = {"Bearer token", "bearer token", "BEARER token", "Bearer   token ", "bEaReR token"})
    void theSchemeIsReadInAnyCase(String header) {
        assertThat(Bearer.of(header)).contains("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer    ", "Basic dXNlcg==", "token", "Bearertoken"})
    void anythingElseIsNoBearer(String header) {
        assertThat(Bearer.of(header)).isEmpty();
    }

    @Test
    void noHeaderIsNoBearer() {
        assertThat(Bearer.of(null)).isEmpty();
    }
}
