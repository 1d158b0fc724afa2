package dev.outmail.spring;

import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;

/// What Spring for Apache Kafka connects by: `spring.kafka`, or a service connection such as a
/// Testcontainers one.
final class ConnectionOfSpringKafka implements SpringKafka {
    private static final Logger log = LoggerFactory.getLogger(ConnectionOfSpringKafka.class);

    private final KafkaConnectionDetails details;
    private final KafkaProperties properties;
    private final Map<String, String> own;

    /// @param own what counts more, by Kafka's names
    ConnectionOfSpringKafka(
            KafkaConnectionDetails details, KafkaProperties properties, Map<String, String> own) {
        this.details = details;
        this.properties = properties;
        this.own = own;
    }

    @Override
    public Map<String, String> keys() {
        var keys = new TreeMap<String, String>();
        properties
                .buildAdminProperties()
                .forEach((key, value) -> {
                    if (value != null && securesTheWay(key)) {
                        keys.put(key, value.toString());
                    }
                });
        var connection = details.getAdmin();
        keys.put("bootstrap.servers", String.join(",", connection.getBootstrapServers()));
        if (connection.getSecurityProtocol() != null) {
            keys.put("security.protocol", connection.getSecurityProtocol());
        }
        if (connection.getSslBundle() != null
                && own.keySet().stream().noneMatch(key -> key.startsWith("ssl"))) {
            log.warn(
                    "An SSL bundle of spring.kafka can't be handed on to Outmail; set outmail.kafka.ssl.truststore.location and its like");
        }
        return keys;
    }

    private static boolean securesTheWay(String key) {
        return key.startsWith("security.") || key.startsWith("ssl.") || key.startsWith("sasl.");
    }
}
