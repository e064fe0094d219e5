package dev.ganglion.gateway.poll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganglion.protocol.error.GanglionException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadFramesTest {
    private static List<String> frames(String body) {
        return UploadFrames.of(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))).stream()
                .map(frame -> new String(frame, StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void returnsUnescapedFramesInOrderAndSkipsOtherFields() {
        assertThat(frames("{\"a\":{\"frames\":[1]},\"frames\":[\"{\\\"v\\\":2}\",\"\\u00e9é\"],\"b\":[[]]}"))
                .containsExactly("{\"v\":2}", "éé");
    }

    @Test
    void turnsAnElementThatIsNotAStringIntoAnEmptyFrame() {
        assertThat(frames("{\"frames\":[null,{\"a\":[1]},[2],\"x\",true]}")).containsExactly("", "", "", "x", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"frames\":[]}",
                "{\"frames\":{}}",
                "{\"frames\":[\"x\"",
                "{\"frames\":[\"x\"]} 1"
            })
    void rejectsAnInvalidBodyAndShowsTheExpectedOne(String body) {
        assertThatThrownBy(() -> frames(body))
                .isInstanceOf(GanglionException.class)
                .hasMessageContaining("{\"frames\":[…]}");
    }

    @Test
    void acceptsAtMost500Frames() {
        String allowed = String.join(",", Collections.nCopies(500, "\"x\""));

        assertThat(frames("{\"frames\":[" + allowed + "]}")).hasSize(500);
        assertThatThrownBy(() -> frames("{\"frames\":[" + allowed + ",\"x\"]}")).hasMessageContaining("at most 500");
    }
}
