package dev.outmail.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {
    private final KafkaClients clients =
            new KafkaClients(Map.of("bootstrap.servers", "127.0.0.1:1"), "test");

    /// As a thread of the common pool in a program whose classes are in a fat jar.
    @Test
    void theyAreMadeByAThreadThatSeesNothingOfKafka() throws Exception {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        try (var blind = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            thread.setContextClassLoader(blind);
            clients.producer("p", Map.of()).close();
            clients.consumer("c", Map.of()).close();
            clients.admin().close();
            assertThat(thread.getContextClassLoader()).isSameAs(blind);
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
