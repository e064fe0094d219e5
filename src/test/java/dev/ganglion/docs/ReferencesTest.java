package dev.ganglion.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Checks that the reference pages are as their generators write them. */
class ReferencesTest {
    /** Property that makes this test rewrite the pages before it checks them. */
    private static final String WRITE = "ganglion.docs.write";

    @TestFactory
    Stream<DynamicTest> pagesAreAsGenerated() {
        return ReferencePages.generators().entrySet().stream()
                .map(page -> DynamicTest.dynamicTest(page.getKey().toString(), () -> check(page)));
    }

    private static void check(Map.Entry<Path, Supplier<String>> page) throws IOException {
        String generated = page.getValue().get();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(page.getKey(), generated);
        }
        List<String> expected = generated.lines().toList();
        List<String> actual = Files.readString(page.getKey()).lines().toList();
        int same = 0;
        while (same < Math.min(expected.size(), actual.size())
                && expected.get(same).equals(actual.get(same))) {
            same++;
        }
        assertThat(actual.subList(same, Math.min(same + 1, actual.size())))
                .as(
                        "line %d of %s, which is generated. To rewrite all reference pages:"
                                + " mvn -q test -Dtest=ReferencesTest -D%s=true",
                        same + 1, page.getKey(), WRITE)
                .isEqualTo(expected.subList(same, Math.min(same + 1, expected.size())));
    }
}
