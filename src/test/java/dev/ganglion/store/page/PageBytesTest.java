package dev.ganglion.store.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests where a page ends, and how much is read at once. */
class PageBytesTest {
    private final PageBytes page = new PageBytes();

    @Test
    void aPageEndsBeforeTheItemThatWouldExceedTheLimitByOneByte() {
        page.add(PageBytes.MAX - 10);
        assertThat(page.fits(10)).isTrue();
        assertThat(page.fits(11)).isFalse();
        assertThat(page.fits(4, 6)).isTrue();
        assertThat(page.fits(4, 7)).isFalse();
        page.add(9);
        assertThat(page.isFull()).isFalse();
        page.add(1);
        assertThat(page.isFull()).isTrue();
    }

    @Test
    void theFirstItemOfAPageMayBeLarger() {
        assertThat(page.fits(10 * PageBytes.MAX)).isTrue();
        page.add(0);
        assertThat(page.fits(PageBytes.MAX)).isFalse();
        assertThat(page.fits(PageBytes.MAX - 1)).isTrue();
    }

    @Test
    void aSliceHoldsAtLeastOneItemAndAtMostItsBytes() {
        List<Long> sizes = List.of(4L, 6L, 1L, 20L, 5L);
        assertThat(SizedReads.endOfSlice(sizes, 0, 10)).isEqualTo(2);
        assertThat(SizedReads.endOfSlice(sizes, 0, 9)).isEqualTo(1);
        assertThat(SizedReads.endOfSlice(sizes, 2, 10)).isEqualTo(3);
        assertThat(SizedReads.endOfSlice(sizes, 3, 10)).isEqualTo(4);
        assertThat(SizedReads.endOfSlice(sizes, 4, 10)).isEqualTo(5);
    }
}
