package dev.ganglion.api.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.protocol.error.GanglionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTextTest {
    @Test
    void readsEveryParameterOnceInOrder() {
        assertThat(QueryText.parse("a=1&b=x%20y+z&&a=2&c&d=%E2%82%AC&e=1;f=2"))
                .containsEntry("a", List.of("1", "2"))
                .containsEntry("b", List.of("x y z"))
                .containsEntry("c", List.of(""))
                .containsEntry("d", List.of("\u20ac"))
                .containsEntry("e", List.of("1;f=2"))
                .hasSize(5);
        assertThat(QueryText.parse(null)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "%ff=1", "a=%C0%AF", "a=\u00e9"})
    void refusesTextThatIsNotPercentEncodedUtf8(String query) {
        assertThatThrownBy(() -> QueryText.parse(query))
                .isInstanceOf(GanglionException.class)
                .hasMessageContaining("percent-encoded UTF-8");
    }
}
