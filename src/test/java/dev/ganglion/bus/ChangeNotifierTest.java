package dev.ganglion.bus;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeNotifierTest {
    private static final ChangeNotice AGENT = new ChangeNotice("p", ChangeNotice.Topic.AGENT);
    private static final ChangeNotice TASK = new ChangeNotice("p", ChangeNotice.Topic.TASK);

    private final Vertx vertx = Vertx.vertx();
    private final List<Set<ChangeNotice>> received = new CopyOnWriteArrayList<>();
    private final List<Long> times = new CopyOnWriteArrayList<>();
    private final ChangeNotifier feed = new ChangeNotifier(vertx, changes -> {
        times.add(System.nanoTime());
        received.add(changes);
    });

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void forwardsTheFirstChangeAtOnceAndBundlesTheRest() {
        feed.changed(AGENT);
        Awaitility.await().until(() -> received.size() == 1);
        for (int i = 0; i < 1_000; i++) {
            feed.changed(TASK);
            feed.changed(AGENT);
        }
        Awaitility.await().until(() -> received.size() == 2);
        assertThat(received.get(0)).containsExactly(AGENT);
        assertThat(received.get(1)).containsExactlyInAnyOrder(AGENT, TASK);
        assertThat(times.get(1) - times.get(0))
                .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(ChangeNotifier.INTERVAL_MS - 5));
    }

    @Test
    void losesNoChangeUnderLoadAndSendsFewMessages() {
        long begin = System.nanoTime();
        Set<ChangeNotice> all = new HashSet<>();
        while (System.nanoTime() - begin < Duration.ofSeconds(1).toNanos()) {
            ChangeNotice change = new ChangeNotice("p" + all.size() % 50, ChangeNotice.Topic.AGENT);
            all.add(change);
            feed.changed(change);
        }
        ChangeNotice last = new ChangeNotice("last", ChangeNotice.Topic.AGENT);
        feed.changed(last);
        Awaitility.await().until(() -> received.stream().anyMatch(each -> each.contains(last)));
        long intervals = (System.nanoTime() - begin) / TimeUnit.MILLISECONDS.toNanos(ChangeNotifier.INTERVAL_MS);
        assertThat(received.size()).isLessThanOrEqualTo((int) intervals + 2);
        Set<ChangeNotice> forwarded = new HashSet<>();
        received.forEach(forwarded::addAll);
        assertThat(forwarded).containsAll(all);
    }

    @Test
    void limitsTheNumberOfChangesInAMessage() {
        feed.changed(AGENT);
        Awaitility.await().until(() -> received.size() == 1);
        for (int i = 0; i < 2_500; i++) {
            feed.changed(new ChangeNotice("p" + i, ChangeNotice.Topic.AGENT));
        }
        Awaitility.await()
                .until(() -> received.stream().skip(1).mapToInt(Set::size).sum() == 2_500);
        assertThat(received)
                .allSatisfy(each -> assertThat(each.size()).isLessThanOrEqualTo(ChangeNotifier.MAX_CHANGES));
    }
}
